/** An aggregator followed by e-mail: as a whole, by initiative, and by theme. */
import { expect } from 'chai'
import { groupId } from '../../federation/addresses.ts'
import { follow } from '../../federation/follow.ts'
import { foundedServer, filledNode } from '../help/community.ts'
import { endMailboxes, letterTo, linkIn, type Mailbox, mailbox } from '../help/mailbox.ts'
import { correct, publish } from '../help/publishing.ts'
import { endServers, testClock, type TestServer, until } from '../help/servers.ts'
import { visitor } from '../help/visitor.ts'

const DAY_MS = 86_400_000

describe('following an aggregator by e-mail', () => {
  const clock = testClock('2026-11-24T10:03:00.000Z')
  let box: Mailbox
  let river: TestServer
  let coast: TestServer

  before(async () => {
    box = await mailbox()
    river = await foundedServer('aggregator', clock, undefined, { mail: box.config })
    coast = await filledNode('coast', clock)
    await follow(river.site, coast.origin)
    await until(async () => {
      const held = await river.site.store.get('pulls', groupId(coast.site))
      return held?.standing === 'consistent'
    })
  })
  after(async () => {
    await endServers()
    await endMailboxes()
  })

  async function follows(email: string, what: string, period = 'daily') {
    const guest = visitor(river.origin)
    const since = box.letters.length
    await guest.send('/follow/mail', { email, period, what })
    const link = linkIn(await letterTo(river, box, email, since), '/follow/mail/confirm')
    return guest.fill(link, '/follow/mail/confirm', {})
  }

  const arrives = (id: string, version: number) =>
    until(async () => {
      const item = await river.site.store.get('items', id)
      return item?.type === 'outcome' && item.version === version
    })

  it('is offered on its own page, on that of an initiative and on that of a theme', async () => {
    const guest = visitor(river.origin)
    const { text } = await guest.get('/initiatives')
    const place = /href="(\/initiatives\/[^"./]+)"/.exec(text)?.[1] ?? ''
    for (const path of ['/about', place, '/themes/action-lines/C6'])
      expect((await guest.get(path)).text, path).to.include('action="/follow/mail"')
    const page = await follows('ana@mail.example', groupId(river.site))
    expect(page.text).to.include('Every day')
    await follows('omar@mail.example', groupId(coast.site))
    await follows('theo@mail.example', 'theme:action-lines/C6', 'at_once')
    expect((await guest.send('/join', { email: 'a@b.example' })).status).to.equal(404)
  })

  it('tells of outcomes that arrived, with whose they are and where they stand here, each once', async () => {
    clock.forward(DAY_MS)
    await until(async () => {
      river.site.wake('mail')
      const note = await river.site.store.get('notes', 'digest-daily')
      const where = { state: ['waiting', 'sending'] }
      const open = await river.site.store.count('mails', { where })
      return open === 0 && (note?.value ?? '') >= clock.now().slice(0, 10)
    })
    const since = box.letters.length
    const id = await publish(coast.site, 'about-cables', '- Keep the cables open. {C6}')
    await publish(coast.site, 'about-nothing', '- Keep them dry.')
    await arrives(id, 1)
    await arrives(`${coast.origin}/outcomes/about-nothing`, 1)
    clock.forward(DAY_MS)
    const all = await letterTo(river, box, 'ana@mail.example', since)
    expect(all.text).to.include('* about-cables').and.include('* about-nothing')
    expect(all.text).to.include('Silver Coast Internet Governance Forum')
    const place = /(\/outcomes\/\S+)/.exec(all.text)?.[1] ?? ''
    expect(all.text).to.include(`${river.origin}${place}`)
    expect((await visitor(river.origin).get(place)).status).to.equal(200)
    await letterTo(river, box, 'omar@mail.example', since)
    const theme = await letterTo(river, box, 'theo@mail.example', since)
    expect(theme.text).to.include('* about-cables').and.not.include('about-nothing')
    const later = box.letters.length
    await correct(coast.site, id, '- Keep all cables open. {C6}')
    await arrives(id, 2)
    clock.forward(DAY_MS)
    const again = await letterTo(river, box, 'ana@mail.example', later)
    expect(again.text).to.include('Changed').and.not.include('about-nothing')
  })
})
