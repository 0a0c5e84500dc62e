/** Following by e-mail: asked for on a page, confirmed by a letter, digests that come once, and every way to stop. */
import { expect } from 'chai'
import { discuss, publish } from '../help/publishing.ts'
import { filledNode } from '../help/community.ts'
import { endMailboxes, letterTo, linkIn, type Mailbox, mailbox } from '../help/mailbox.ts'
import { endServers, testClock, type TestServer, until } from '../help/servers.ts'
import { signedIn } from '../help/signed-in.ts'
import { visitor } from '../help/visitor.ts'

const DAY_MS = 86_400_000
const TALK = '/discussions/what-should-2027-be-about'

describe('following by e-mail', () => {
  // A Monday, after the digests of that day.
  const clock = testClock('2026-11-23T10:00:00.000Z')
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

  const settled = () =>
    until(async () => {
      node.site.wake('mail')
      const { store } = node.site
      const note = await store.get('notes', 'digest-daily')
      const open = await store.count('mails', { where: { state: ['waiting', 'sending'] } })
      return open === 0 && (note?.value ?? '') >= clock.now().slice(0, 10)
    })

  const askToFollow = (email: string, what: string, language = 'en', period = 'daily') => {
    const guest = visitor(node.origin, language)
    return guest.send('/follow/mail', { email, period, what })
  }

  const follows = async (email: string, what: string, language = 'en', period = 'daily') => {
    const since = box.letters.length
    await askToFollow(email, what, language, period)
    const link = linkIn(await nextTo(email, since), '/follow/mail/confirm')
    const guest = visitor(node.origin, language)
    return guest.fill(link, '/follow/mail/confirm', {})
  }

  it('a page offers it, and one follows only after pressing the button behind the link', async () => {
    const guest = visitor(node.origin)
    const { text } = await guest.get(TALK)
    expect(text).to.include('Follow by e-mail').and.include('action="/follow/mail"')
    const asked = await guest.fill(TALK, '/follow/mail', { email: 'Ana@mail.example' })
    expect(asked.text).to.include('a letter with a link is on its way')
    const letter = await nextTo('ana@mail.example')
    const link = linkIn(letter, '/follow/mail/confirm')
    const page = await guest.get(link)
    expect(page.text).to.include('ana@mail.example')
    expect(await node.site.store.count('subscribers', {})).to.equal(0)
    const done = await guest.fill(link, '/follow/mail/confirm', {})
    expect(done.url).to.equal('/follow/mail/manage')
    expect(await node.site.store.count('subscribers', {})).to.equal(1)
    expect((await guest.get(link)).status).to.equal(410)
  })

  it('a letter is plain text with its language, its list and its origin said', async () => {
    const letter = await nextTo('ana@mail.example')
    expect(letter.header('Content-Type')).to.match(/^text\/plain; charset=utf-8/)
    expect(letter.header('Auto-Submitted')).to.equal('auto-generated')
    expect(letter.header('Content-Language')).to.equal('en')
    expect(letter.header('List-Id')).to.equal('<tributary.127.0.0.1>')
    expect(letter.header('Message-ID')).to.match(/^<[0-9a-f]{32}@127\.0\.0\.1>$/)
  })

  it('no row of a letter holds the token of its link', async () => {
    const letter = await nextTo('ana@mail.example')
    const token = new URL(linkIn(letter, '/follow/mail/confirm'), node.origin).searchParams.get(
      'token',
    )
    const rows = JSON.stringify(await node.site.store.find('mails', { limit: 1000 }))
    expect(token).to.have.lengthOf(32)
    expect(rows).not.to.include(token)
  })

  it('the digest of the next day says what is new, once, and the day after says nothing', async () => {
    await follows('omar@mail.example', `${node.origin}/actor`, 'ar')
    await discuss(node.site, 'mail-talk', 'Who pays for cables?')
    const since = box.letters.length
    clock.forward(DAY_MS)
    const digest = await nextTo('omar@mail.example', since)
    expect(digest.text).to.include(`${node.origin}/discussions/mail-talk`).and.include('النقاشات')
    expect(digest.header('Content-Language')).to.equal('ar')
    await settled()
    await node.restart().then((again) => (node = again))
    await settled()
    expect(
      box.letters.slice(since).filter(({ to }) => to === 'omar@mail.example'),
    ).to.have.lengthOf(1)
    expect(box.letters.slice(since).filter(({ to }) => to === 'ana@mail.example')).to.have.lengthOf(
      0,
    )
    clock.forward(DAY_MS)
    await settled()
    expect(
      box.letters.slice(since).filter(({ to }) => to === 'omar@mail.example'),
    ).to.have.lengthOf(1)
  })

  it('whoever chose weekly waits until Monday', async () => {
    await follows('wei@mail.example', `${node.origin}/actor`, 'en', 'weekly')
    await publish(node.site, 'weekly-news', '1. Cables are shared.')
    const since = box.letters.length
    clock.forward(DAY_MS)
    await nextTo('omar@mail.example', since)
    await settled()
    expect(box.letters.slice(since).filter(({ to }) => to === 'wei@mail.example')).to.have.lengthOf(
      0,
    )
    clock.forward(4 * DAY_MS)
    const digest = await nextTo('wei@mail.example', since)
    expect(digest.text).to.include('/outcomes/weekly-news')
  })

  it('the page of subscriptions changes, pauses, exports and stops', async () => {
    const { text } = await follows('eva@mail.example', `${node.origin}${TALK}`)
    const guest = visitor(node.origin)
    const who = /name="who" value="([^"]+)"/.exec(text)?.[1] ?? ''
    const token = /name="token" value="([^"]+)"/.exec(text)?.[1] ?? ''
    const act = (values: Record<string, string>) =>
      guest.send('/follow/mail/manage', { who, token, ...values })
    expect((await act({ do: 'weekly' })).text).to.include('Every Monday')
    expect((await act({ do: 'pause' })).text).to.include('You paused the letters')
    const exported = await guest.get(`/follow/mail/export?who=${who}&token=${token}`)
    expect(exported.text).to.include('eva@mail.example')
    expect((await act({ do: 'stop' })).text).to.include('Nothing is sent to this address')
    expect(await node.site.store.get('subscribers', who)).to.equal(undefined)
    expect(
      (await guest.get(`/follow/mail/manage?who=${who}&token=${'x'.repeat(32)}`)).status,
    ).to.equal(410)
  })

  it('whoever follows a theme is told of an outcome with a message about it', async () => {
    await follows('theo@mail.example', 'theme:action-lines/C6')
    await publish(node.site, 'about-c6', '1. Keep the cables open. {C6}')
    await publish(node.site, 'about-nothing', '1. Keep the cables dry.')
    const since = box.letters.length
    clock.forward(DAY_MS)
    const digest = await nextTo('theo@mail.example', since)
    expect(digest.text).to.include('/outcomes/about-c6').and.not.include('/outcomes/about-nothing')
  })

  it('one click in a mail program stops all, and opening the link does not', async () => {
    await follows('ines@mail.example', `${node.origin}/actor`)
    await discuss(node.site, 'one-click', 'May one stop?')
    const since = box.letters.length
    clock.forward(DAY_MS)
    const digest = await nextTo('ines@mail.example', since)
    expect(digest.header('List-Unsubscribe-Post')).to.equal('List-Unsubscribe=One-Click')
    const stop = digest.header('List-Unsubscribe').slice(1, -1)
    const count = () => node.site.store.count('subscribers', {})
    const before = await count()
    expect(await (await fetch(stop)).text()).to.include('<button')
    expect(await count()).to.equal(before)
    const body = new URLSearchParams({ 'List-Unsubscribe': 'One-Click' })
    expect((await fetch(stop, { method: 'POST', body })).status).to.equal(200)
    expect(await count()).to.equal(before - 1)
  })

  it('an address that is refused for good is shown to the host and left alone after three times', async () => {
    box.refused.set('gone@mail.example', 550)
    for (let time = 0; time < 3; time += 1) {
      await askToFollow('gone@mail.example', `${node.origin}/actor`)
      await until(async () => {
        node.site.wake('mail')
        const [bounce] = await node.site.store.find('bounces', {})
        return bounce?.count === time + 1
      })
    }
    const host = await signedIn(node)
    expect((await host.get('/host/mail')).text).to.include('gone@mail.example')
  })

  it('a letter that is put off is tried again later', async () => {
    box.refused.set('slow@mail.example', 451)
    await askToFollow('slow@mail.example', `${node.origin}/actor`)
    const where = { to: 'slow@mail.example' }
    await until(async () => {
      node.site.wake('mail')
      const [mail] = await node.site.store.find('mails', { where })
      return mail?.tries === 1 && mail.state === 'waiting'
    })
    box.refused.delete('slow@mail.example')
    clock.forward(10 * 60_000)
    expect((await nextTo('slow@mail.example')).to).to.equal('slow@mail.example')
  })

  it('a link that nobody used in three days begins nothing', async () => {
    const since = box.letters.length
    await askToFollow('late@mail.example', `${node.origin}/actor`)
    const link = linkIn(await nextTo('late@mail.example', since), '/follow/mail/confirm')
    clock.forward(3 * DAY_MS)
    expect((await visitor(node.origin).get(link)).status).to.equal(410)
  })
})

describe('a node that sends no e-mail', () => {
  after(endServers)

  it('says so wherever it would be needed, and what works instead', async () => {
    const node = await filledNode()
    const guest = visitor(node.origin)
    for (const path of [TALK, '/follow/mail', '/join', '/login/link']) {
      expect((await guest.get(path)).text, path).to.include('sends no e-mail')
    }
    const { status } = await guest.send('/join', {
      email: 'a@b.example',
      name: 'A',
      language: 'en',
      agree: 'yes',
    })
    expect(status).to.equal(503)
  })
})
