/** A light account from the page: begun by a link, used to answer, and ended without a trace of the address. */
import { readFileSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { join } from 'node:path'
import { expect } from 'chai'
import type { Contribution } from '../../content/model.ts'
import { dispose } from '../../content/moderation.ts'
import { contributionId, groupId } from '../../federation/addresses.ts'
import { record } from '../../federation/record.ts'
import { filledNode } from '../help/community.ts'
import { endMailboxes, letterTo, linkIn, type Mailbox, mailbox } from '../help/mailbox.ts'
import { decided } from '../help/publishing.ts'
import { endServers, testClock, type TestServer } from '../help/servers.ts'
import { signedIn } from '../help/signed-in.ts'
import { type Visitor, visitor } from '../help/visitor.ts'

const TALK = '/discussions/what-should-2027-be-about'
const HALF_HOUR_MS = 30 * 60_000

describe('a participant without a fediverse account', () => {
  const clock = testClock()
  let box: Mailbox
  let node: TestServer

  before(async () => {
    box = await mailbox()
    node = await filledNode('coast', clock, { mail: box.config })
  })
  after(async () => {
    await endServers()
    await endMailboxes()
  })

  const nextTo = (email: string, since = 0) => letterTo(node, box, email, since)

  async function joins(name: string): Promise<Visitor> {
    const email = `${name}@mail.example`
    const since = box.letters.length
    const asking = visitor(node.origin)
    await asking.fill('/join', '/join', { email, name, agree: 'yes' })
    const guest = visitor(node.origin)
    await guest.fill(linkIn(await nextTo(email, since), '/sign-in'), '/sign-in', {})
    return guest
  }

  const writtenBy = async (name: string): Promise<Contribution> => {
    const where = { type: 'contribution', author: `${node.origin}/people/${name}` }
    const [item] = await node.site.store.find('items', { where, limit: 1 })
    return item as Contribution
  }

  const says = async (guest: Visitor, name: string, text: string, shown = true) => {
    await guest.fill(TALK, TALK, {
      text,
      stakeholderGroup: 'civil_society',
      affiliation: 'Harbour Club',
    })
    const item = await writtenBy(name)
    if (shown && item.visibility === 'held') await decided(node.site, item.id, 'shown')
    return item
  }

  it('makes an account with an address and a name, in another browser than the one that asked', async () => {
    const email = 'ana@mail.example'
    const asking = visitor(node.origin)
    const wrong = await asking.fill('/join', '/join', { email, name: 'Ana' })
    expect(wrong.status).to.equal(400)
    expect(wrong.text).to.include('Please agree to the code of conduct')
    await asking.fill(`/join?next=${encodeURIComponent(TALK)}`, '/join', {
      email,
      name: 'Ana',
      agree: 'yes',
    })
    expect(await node.site.store.count('people', {})).to.equal(1)
    const link = linkIn(await nextTo(email), '/sign-in')
    const guest = visitor(node.origin)
    expect((await guest.get(link)).text).to.include('ana@mail.example')
    expect(await node.site.store.count('people', {})).to.equal(1)
    expect((await guest.fill(link, '/sign-in', {})).url).to.equal(TALK)
    expect((await guest.get('/me')).status).to.equal(200)
    expect((await asking.get('/me')).url).to.equal('/login')
    expect((await visitor(node.origin).get(link)).status).to.equal(410)
  })

  it('signs in again by a link that works once and for half an hour', async () => {
    const since = box.letters.length
    const guest = visitor(node.origin)
    await guest.fill('/login/link', '/login/link', { email: 'ana@mail.example' })
    const link = linkIn(await nextTo('ana@mail.example', since), '/sign-in')
    clock.forward(HALF_HOUR_MS)
    expect((await guest.get(link)).status).to.equal(410)
  })

  it('first words wait for a moderator, and claims are remembered for the next time', async () => {
    const guest = await joins('bora')
    const page = await guest.fill(TALK, TALK, {
      text: 'Cables!',
      stakeholderGroup: 'civil_society',
      affiliation: 'Harbour Club',
    })
    expect(page.url).to.equal('/me')
    expect(page.text).to.include('A moderator reads it before it is shown')
    expect((await visitor(node.origin).get(TALK)).text).not.to.include('Cables!')
    const held = await writtenBy('bora')
    await decided(node.site, held.id, 'shown')
    expect((await visitor(node.origin).get(TALK)).text)
      .to.include('Cables!')
      .and.include('Harbour Club')
    expect((await guest.get(TALK)).text).to.include('value="Harbour Club"')
    const log = await node.site.store.log('public', 0, 1000)
    expect(log.filter(({ item }) => item === held.id).map(({ verb }) => verb)).to.deep.equal([
      'Create',
      'Announce',
    ])
    await guest.fill(TALK, TALK, { text: 'More cables!' })
    expect((await guest.get(TALK)).text).to.include('More cables!')
  })

  it('a host can let first words be shown at once', async () => {
    const host = await signedIn(node)
    await host.fill('/host/mail', '/host/mail', { hold: 'no' })
    const guest = await joins('cleo')
    await guest.fill(TALK, TALK, { text: 'At once' })
    expect((await guest.get(TALK)).text).to.include('At once')
    await host.fill('/host/mail', '/host/mail', { hold: 'yes' })
  })

  it('is told of an answer by the drafters, on the page and by e-mail, and can stop that with one click', async () => {
    const guest = await joins('dora')
    const item = await says(guest, 'dora', 'Schools first')
    const since = box.letters.length
    const at = node.site.now()
    const answering = {
      ...{
        actor: groupId(node.site),
        name: 'Coast',
        handle: 'coast@coast.example',
        language: 'en',
      },
      ...{
        words: 'Accepted: it stands in message 2.',
        id: contributionId(node.site, 'answer-dora'),
        person: 'x',
      },
    }
    const shown = (await node.site.store.get('items', item.id)) as Contribution
    const disposition = {
      kind: 'accepted',
      reason: 'it stands in message 2',
      by: 'Noor',
      at,
    } as const
    await record(node.site, dispose(shown, disposition, answering))
    const letter = await nextTo('dora@mail.example', since)
    expect(letter.text).to.include('it stands in message 2').and.include(item.id)
    expect((await guest.get('/me')).text).to.include('it stands in message 2')
    const stop = letter.header('List-Unsubscribe').slice(1, -1)
    await fetch(stop, {
      method: 'POST',
      body: new URLSearchParams({ 'List-Unsubscribe': 'One-Click' }),
    })
    expect((await node.site.store.get('people', `${node.origin}/people/dora`))?.mails).to.equal(
      false,
    )
  })

  it('changes and deletes what they wrote, and nobody else can', async () => {
    const guest = await joins('emil')
    const { id } = await says(guest, 'emil', 'Frist words')
    const path = `/me${new URL(id).pathname}`
    await guest.fill(path, path, { text: 'First words' })
    expect((await visitor(node.origin).get(TALK)).text).to.include('First words')
    expect((await guest.get('/me')).text).to.include('changed by you')
    const other = await signedIn(node)
    expect((await other.get(path)).status).to.equal(404)
    await guest.fill(path, path, { do: 'delete' })
    expect((await visitor(node.origin).get(TALK)).text).not.to.include('First words')
    const log = await node.site.store.log('public', 0, 1000)
    const verbs = log.filter(({ item }) => item === id).map(({ verb }) => verb)
    expect(verbs).to.deep.equal(['Create', 'Announce', 'Update', 'Undo', 'Delete'])
  })

  for (const choice of ['delete', 'unname'] as const) {
    it(`is erased, with what they wrote ${choice === 'delete' ? 'deleted' : 'left without the name'}, and the address is nowhere`, async () => {
      const name = `fay-${choice}`
      const email = `${name}@mail.example`
      const guest = await joins(name)
      await says(guest, name, `Words of one who leaves, ${choice}`)
      let since = box.letters.length
      await guest.send(
        '/follow/mail',
        { email, period: 'daily', what: `${node.origin}/actor` },
        await tokenOf(guest),
      )
      const follow = linkIn(await nextTo(email, since), '/follow/mail/confirm')
      await guest.fill(follow, '/follow/mail/confirm', {})
      const exported = await guest.get('/me/export')
      expect(exported.text)
        .to.include(email)
        .and.include('Words of one who leaves')
        .and.not.include('scrypt')
      since = box.letters.length
      await guest.fill('/me/erase', '/me/erase', { choice })
      const link = linkIn(await nextTo(email, since), '/me/erase/confirm')
      await guest.get(link)
      expect(await node.site.store.get('people', `${node.origin}/people/${name}`)).to.include({
        email,
      })
      await guest.fill(link, '/me/erase/confirm', {})
      expect((await guest.get('/me')).url).to.equal('/login')
      const talk = (await guest.get(TALK)).text
      expect(talk.includes(`Words of one who leaves, ${choice}`)).to.equal(choice === 'unname')
      expect(talk).not.to.include(`>${name}<`)
      expect((await node.site.store.log('public', 0, 1000)).at(-1)?.verb).to.equal('Delete')
    })
  }

  it('leaves the address in no table and no page of the database file', async () => {
    const { data } = node
    await node.close()
    const file = join(data, 'tributary.sqlite')
    const database = new DatabaseSync(file)
    database.exec('VACUUM; PRAGMA wal_checkpoint(TRUNCATE)')
    database.close()
    const bytes = readFileSync(file)
    expect(bytes.includes('dora@mail.example')).to.equal(true)
    for (const choice of ['delete', 'unname'])
      expect(bytes.includes(`fay-${choice}@mail.example`)).to.equal(false)
  })
})

const tokenOf = async (guest: Visitor) =>
  /name="_token" value="([^"]*)"/.exec((await guest.get('/me')).text)?.[1] ?? ''
