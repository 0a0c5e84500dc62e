/** E-mail as a weapon and as a way in: bombing others, guessing and reusing links, learning who has an account, writing headers. */
import { expect } from 'chai'
import type { Mail } from '../../content/mailing.ts'
import { addPerson } from '../../server/people.ts'
import { filledNode } from '../help/community.ts'
import { endMailboxes, letterTo, linkIn, type Mailbox, mailbox } from '../help/mailbox.ts'
import { endServers, testClock, type TestServer, until } from '../help/servers.ts'
import { visitor } from '../help/visitor.ts'

const HOUR_MS = 3_600_000

describe('hostile: e-mail', () => {
  const clock = testClock()
  let box: Mailbox
  let node: TestServer

  before(async () => {
    box = await mailbox()
    node = await filledNode('coast', clock, { mail: box.config })
  })
  beforeEach(() => clock.forward(25 * HOUR_MS))
  after(async () => {
    await endServers()
    await endMailboxes()
  })

  const nextTo = (email: string) => letterTo(node, box, email)
  const mailsTo = (to: string): Promise<Mail[]> =>
    node.site.store.find('mails', { where: { to }, limit: 1000 })
  const ask = (email: string) =>
    visitor(node.origin).send('/follow/mail', {
      email,
      period: 'daily',
      what: `${node.origin}/actor`,
    })
  const join = (email: string, name = 'Ana') =>
    visitor(node.origin).send('/join', { email, name, language: 'en', agree: 'yes' })

  it('E10 one address is sent letters by many who ask: five in an hour, and the page says the same', async () => {
    const answers: string[] = []
    for (let i = 0; i < 12; i += 1) answers.push((await ask('victim@mail.example')).text)
    expect(new Set(answers).size).to.equal(1)
    expect(await mailsTo('victim@mail.example')).to.have.lengthOf(5)
  })

  it('E10 many addresses are sent letters from one place: twenty in a quarter of an hour', async () => {
    const statuses: number[] = []
    for (let i = 0; i < 25; i += 1) statuses.push((await ask(`many${i}@mail.example`)).status)
    expect(statuses.filter((status) => status === 200)).to.have.lengthOf(20)
    expect(statuses.slice(20)).to.deep.equal([429, 429, 429, 429, 429])
  })

  it('F line breaks in a name or an address become no header', async () => {
    const name = 'Ana\r\nBcc: victim@mail.example\r\n\r\nBuy!'
    const email = 'inject@mail.example'
    expect((await join(`${email}\r\nBcc: victim@mail.example`)).status).to.equal(400)
    expect((await ask(`${email},victim@mail.example`)).status).to.equal(400)
    await join(email, name)
    const link = linkIn(await nextTo(email), '/sign-in')
    const guest = visitor(node.origin)
    await guest.fill(link, '/sign-in', {})
    expect((await guest.get('/me')).status).to.equal(200)
    const profile = await node.site.store.get('initiatives', `${node.origin}/actor`)
    if (!profile) throw new Error('no initiative')
    const named = { ...profile, name: { en: 'Coast\r\nBcc: victim@mail.example' } }
    await node.site.store.commit({ put: { initiatives: [named] } })
    await ask('subject@mail.example')
    const { raw, header } = await nextTo('subject@mail.example')
    expect(raw.split('\r\n\r\n')[0]).not.to.match(/^Bcc:/m)
    expect(header('To')).to.equal('subject@mail.example')
    const restored = await node.site.store.get('initiatives', `${node.origin}/actor`)
    if (restored)
      await node.site.store.commit({ put: { initiatives: [{ ...restored, name: profile.name }] } })
  })

  it('G a guessed, a borrowed and a cut token open nothing', async () => {
    await ask('token@mail.example')
    await ask('token2@mail.example')
    const link = new URL(
      linkIn(await nextTo('token@mail.example'), '/follow/mail/confirm'),
      node.origin,
    )
    const other = new URL(
      linkIn(await nextTo('token2@mail.example'), '/follow/mail/confirm'),
      node.origin,
    )
    const mail = link.searchParams.get('mail') ?? ''
    const token = link.searchParams.get('token') ?? ''
    const borrowed = other.searchParams.get('token') ?? ''
    const before = await node.site.store.count('subscribers', {})
    for (const wrong of ['', 'x'.repeat(32), borrowed, token.slice(0, -1), `${token}=`]) {
      const reply = await visitor(node.origin).send('/follow/mail/confirm', { mail, token: wrong })
      expect(reply.status, wrong).to.equal(410)
    }
    for (const path of ['/sign-in', '/me/erase/confirm'])
      expect((await visitor(node.origin).send(path, { mail, token })).status, path).to.equal(410)
    expect(await node.site.store.count('subscribers', {})).to.equal(before)
  })

  it('G a program that opens every link of a letter changes nothing', async () => {
    await ask('scanner@mail.example')
    await join('scanner@mail.example')
    const before = await Promise.all([
      node.site.store.count('people', {}),
      node.site.store.count('subscribers', {}),
    ])
    await until(async () => {
      node.site.wake('mail')
      return box.letters.filter(({ to }) => to === 'scanner@mail.example').length === 2
    })
    for (const letter of box.letters.filter(({ to }) => to === 'scanner@mail.example')) {
      const links = letter.text.match(/http:\S+/g) ?? []
      for (const url of links) for (const method of ['GET', 'HEAD']) await fetch(url, { method })
    }
    const after = await Promise.all([
      node.site.store.count('people', {}),
      node.site.store.count('subscribers', {}),
    ])
    expect(after).to.deep.equal(before)
  })

  it('G a sign-in link is good once, also when two press the button at once', async () => {
    await join('once@mail.example', 'Once Only')
    const link = new URL(linkIn(await nextTo('once@mail.example'), '/sign-in'), node.origin)
    const fields = Object.fromEntries(link.searchParams)
    const [one, two] = [visitor(node.origin), visitor(node.origin)]
    await Promise.all([one.send('/sign-in', fields), two.send('/sign-in', fields)])
    const third = visitor(node.origin)
    expect((await third.send('/sign-in', fields)).status).to.equal(410)
    const inside = [one, two, third].filter(({ cookies }) => cookies.size > 0)
    expect(inside).to.have.lengthOf(1)
  })

  it('G a sign-in link sent from another site signs nobody in', async () => {
    await join('csrf@mail.example', 'Cross Site')
    const link = new URL(linkIn(await nextTo('csrf@mail.example'), '/sign-in'), node.origin)
    const reply = await fetch(`${node.origin}/sign-in`, {
      method: 'POST',
      body: link.searchParams,
      headers: { origin: 'https://evil.example' },
    })
    expect(reply.status).to.equal(403)
    expect(reply.headers.getSetCookie()).to.deep.equal([])
  })

  it('G nobody learns who has an account, who follows, or who is host', async () => {
    const account = {
      role: 'participant',
      language: 'en',
      password: 'rivers run to the sea',
    } as const
    await addPerson(node.site, { ...account, name: 'Known One', email: 'known@mail.example' })
    const pages = async (email: string) => {
      const link = await visitor(node.origin).send('/login/link', { email })
      return [(await join(email)).text, link.text, (await ask(email)).text].join()
    }
    const answers = [await pages('known@mail.example'), await pages('unknown@mail.example')]
    answers.push(await pages('noor@coast.example'))
    expect(new Set(answers).size).to.equal(1)
  })

  it('G a link lets in nobody who may publish', async () => {
    const account = { role: 'editor', language: 'en', password: 'rivers run to the sea' } as const
    await addPerson(node.site, { ...account, name: 'Editor', email: 'editor@mail.example' })
    await visitor(node.origin).send('/login/link', { email: 'editor@mail.example' })
    await join('editor@mail.example')
    expect(await mailsTo('editor@mail.example')).to.deep.equal([])
  })

  it('G a link leads to no other site afterwards', async () => {
    const email = 'open@mail.example'
    const fields = { email, name: 'Open Redirect', language: 'en', agree: 'yes' }
    await visitor(node.origin).send('/join', { ...fields, next: '//evil.example/' })
    const guest = visitor(node.origin)
    const { url } = await guest.fill(linkIn(await nextTo(email), '/sign-in'), '/sign-in', {})
    expect(url).to.equal('/me')
  })
})
