/** Letters at once: minutes after something is published, many things in one letter, each once. */
import { expect } from 'chai'
import { filledNode } from '../help/community.ts'
import { endMailboxes, letterTo, linkIn, type Mailbox, mailbox } from '../help/mailbox.ts'
import { discuss, publish } from '../help/publishing.ts'
import { endServers, testClock, type TestServer, until } from '../help/servers.ts'
import { visitor } from '../help/visitor.ts'

const MINUTE_MS = 60_000
const ANA = 'ana@mail.example'

describe('following by e-mail, at once', () => {
  const clock = testClock('2026-11-23T10:03:00.000Z')
  let box: Mailbox
  let node: TestServer
  let manage = ''

  before(async () => {
    box = await mailbox()
    node = await filledNode('coast', clock, { mail: box.config })
  })
  after(async () => {
    await endServers()
    await endMailboxes()
  })

  const toAna = () => box.letters.filter(({ to }) => to === ANA)

  /** Rounds of the work with e-mail until one has looked at this moment and nothing waits. */
  const settled = async () => {
    const slot = clock.now().slice(0, 15)
    await until(async () => {
      node.site.wake('mail')
      const note = await node.site.store.get('notes', 'digest-at_once')
      const open = await node.site.store.count('mails', {
        where: { state: ['waiting', 'sending'] },
      })
      return open === 0 && (note?.value ?? '') >= slot
    })
  }

  it('is chosen on the page, and tells of what is new within ten minutes, in one letter', async () => {
    const guest = visitor(node.origin)
    const what = `${node.origin}/actor`
    expect((await guest.get('/follow/mail')).text).to.include('At once')
    await guest.send('/follow/mail', { email: ANA, period: 'at_once', what })
    const link = linkIn(await letterTo(node, box, ANA, 0), '/follow/mail/confirm')
    const page = await guest.fill(link, '/follow/mail/confirm', {})
    expect(page.text).to.include('At once').and.include('Get letters every day')
    manage = page.text
    const since = box.letters.length
    await discuss(node.site, 'first-news', 'Who pays?')
    await publish(node.site, 'second-news', '- Cables are shared.')
    clock.forward(10 * MINUTE_MS)
    const letter = await letterTo(node, box, ANA, since)
    expect(letter.text).to.include('/discussions/first-news').and.include('/outcomes/second-news')
  })

  it('sends nothing when nothing is new, and each thing once', async () => {
    await settled()
    const count = toAna().length
    clock.forward(60 * MINUTE_MS)
    await discuss(node.site, 'third-news', 'And now?')
    clock.forward(10 * MINUTE_MS)
    await settled()
    node = await node.restart()
    await settled()
    const letters = toAna().slice(count)
    expect(letters).to.have.length(1)
    expect(letters[0]?.text).to.include('third-news').and.not.include('second-news')
  })

  it('is changed to another period, and back', async () => {
    const who = /name="who" value="([^"]+)"/.exec(manage)?.[1] ?? ''
    const token = /name="token" value="([^"]+)"/.exec(manage)?.[1] ?? ''
    const act = (change: string) =>
      visitor(node.origin).send('/follow/mail/manage', { who, token, do: change })
    const weekly = await act('weekly')
    expect(weekly.text).to.include('Every Monday').and.include('Get letters at once')
    expect((await act('at_once')).text).to.include('At once')
  })
})
