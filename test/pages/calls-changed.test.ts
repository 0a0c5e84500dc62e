/** A call for issues that changes after it was told of: what was said is put right, and what opens or closes at another time is told then. */
import { expect } from 'chai'
import { tellOfCalls } from '../../server/calls-told.ts'
import { foundedServer } from '../help/community.ts'
import { endMailboxes, letterTo, linkIn, type Mailbox, mailbox } from '../help/mailbox.ts'
import { endServers, testClock, type TestServer } from '../help/servers.ts'
import { signedIn } from '../help/signed-in.ts'
import { tokenIn, visitor, type Visitor } from '../help/visitor.ts'

const DAY_MS = 24 * 3600_000
/** Of a day. */
const TEN_MINUTES = 10 / (24 * 60)
const ANA = 'ana@mail.example'
type Json = Record<string, unknown>

describe('a call for issues that changes', () => {
  let node: TestServer
  let box: Mailbox
  let keeper: Visitor
  const clock = testClock('2026-11-23T10:00:00.000Z')

  before(async () => {
    box = await mailbox()
    node = await foundedServer('node', clock, undefined, { mail: box.config })
    const what = `${node.origin}/actor`
    await visitor(node.origin).send('/follow/mail', { email: ANA, period: 'at_once', what })
    const link = linkIn(await letterTo(node, box, ANA, 0), '/follow/mail/confirm')
    await visitor(node.origin).fill(link, '/follow/mail/confirm', {})
    keeper = await signedIn(node)
    await keeper.fill('/host/calls/new', '/host/calls/new', {
      ...{ 'title.en': 'What next?', text: 'Tell us.', slug: 'next', categories: 'Rivers' },
      ...{ opensAt: '2026-11-24T00:00', closesAt: '2026-12-24T12:00' },
    })
  })
  after(async () => {
    await endServers()
    await endMailboxes()
  })

  const forward = async (days: number) => {
    clock.forward(days * DAY_MS)
    await tellOfCalls(node.site)
    keeper = await signedIn(node)
  }

  const change = async (fields: Record<string, string>) => {
    const form = '/host/calls/next/edit'
    const { text } = await keeper.fill(form, form, fields)
    expect(text).to.include('The changes to the call are saved.')
    await tellOfCalls(node.site)
  }

  const press = async (what: 'open' | 'close') => {
    const token = tokenIn((await keeper.get('/host/calls/next')).text)
    await keeper.send('/host/calls/next', { do: what }, token)
    await tellOfCalls(node.site)
  }

  /** What was said since the last time that somebody asked. */
  let heard = 0
  async function said(): Promise<string[]> {
    const entries = await node.site.store.log('public', heard, 200)
    heard += entries.length
    return entries
      .filter(({ item }) => item.startsWith(`${node.origin}/calls/`))
      .map(({ wire }) => {
        const { type, object } = JSON.parse(wire) as { type: string; object: Json }
        const { pathname } = new URL(String(object.id))
        return `${type} ${pathname.split('/').at(-1)}: ${String(object.content).split('</p>')[0]?.slice(3)}`
      })
  }

  const served = async (name: string) =>
    (await (await fetch(`${node.origin}/calls/next/${name}`)).json()) as Json

  it('says nothing anew when its dates and its title stay', async () => {
    await forward(1)
    expect(await said()).to.have.lengthOf(1)
    await change({ text: 'Tell us more.' })
    expect(await said()).to.deep.equal([])
  })

  it('puts right what it said when its deadline moves, and reminds at the new time', async () => {
    await change({ closesAt: '2026-12-30T12:00' })
    const [update, ...more] = await said()
    expect(update).to.match(
      /^Update announcement: Call for issues “What next\?”.* December 30, 2026/,
    )
    expect(more).to.deep.equal([])
    const note = await served('announcement')
    expect(note.content).to.include('December 30, 2026')
    expect(note.updated).to.be.a('string')
    await forward(28)
    expect(await said(), 'the old time').to.deep.equal([])
    await forward(6)
    expect((await said()).join()).to.match(/^Create reminder: .* closes soon: .*December 30, 2026/)
  })

  it('reminds once more when the deadline moves far away after the reminder', async () => {
    await change({ closesAt: '2027-01-20T12:00' })
    expect((await said()).map((each) => each.split(':')[0])).to.deep.equal([
      'Update announcement',
      'Update reminder',
    ])
    expect((await served('reminder')).content).to.include('until January 20, 2027')
    await forward(5)
    expect(await said()).to.deep.equal([])
    await forward(16)
    expect((await said()).join()).to.match(/^Create reminder-2: .* closes soon: .*January 20, 2027/)
    expect((await served('reminder-2')).content).to.include('closes soon')
    expect((await fetch(`${node.origin}/calls/next/reminder-3`)).status).to.equal(404)
  })

  it('says that it was closed early, and tells anew when it opens again', async () => {
    await press('close')
    const closed = await said()
    expect(closed).to.have.lengthOf(3)
    for (const each of closed) expect(each).to.match(/^Update .* is closed since January/)
    await change({ closesAt: '2027-02-20T12:00', opensAt: '2027-02-01T00:00' })
    expect((await said()).join()).to.include('is not open yet: it opens on February 1, 2027')
    await forward(16)
    expect((await said()).join()).to.match(/^Create announcement-3: Call for issues “What next\?”/)
  })

  it('stands in the feed as it is said now', async () => {
    const { items } = JSON.parse((await visitor(node.origin).get('/feed.json')).text) as {
      items: { id: string; title: string; date_modified: string }[]
    }
    const titles = Object.fromEntries(items.map(({ id, title }) => [id.split('/').at(-1), title]))
    expect(titles).to.deep.equal({
      'announcement-3': 'Call for issues: What next?',
      announcement: 'Call for issues, not open yet: What next?',
      reminder: 'Call for issues, not open yet: What next?',
      'reminder-2': 'Call for issues, not open yet: What next?',
    })
  })

  it('comes in the letters of those who follow the initiative: that it is open, that it closes in three days', async () => {
    const letter = async () => {
      const since = box.letters.length
      await forward(TEN_MINUTES)
      return (await letterTo(node, box, ANA, since)).text
    }
    expect(await letter()).to.match(
      /CALLS FOR ISSUES\s+\* What next\?\s+Open: everybody can propose something until February 20, 2027\D+12:00 UTC \(in 17 days\)/,
    )
    await forward(14.1)
    const last = await letter()
    expect(last).to.match(/\* What next\?\s+Closes in 3 days \(February 20, 2027/)
    expect(last).to.include(`${node.origin}/calls/next`)
    expect(last.split('What next?')).to.have.lengthOf(2)
  })
})
