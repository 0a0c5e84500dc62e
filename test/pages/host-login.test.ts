/** Signing in and out: what is let in, what is not, and what a form must carry. */
import { expect } from 'chai'
import jwt from 'jsonwebtoken'
import { localPath } from '../../server/pages/host/login.ts'
import { loginId } from '../../server/login.ts'
import { addPerson, removePerson } from '../../server/people.ts'
import { foundedServer, host } from '../help/community.ts'
import { endServers, testClock, type TestServer } from '../help/servers.ts'
import { tokenIn, type Visitor, visitor } from '../help/visitor.ts'

const HALF_DAY_MS = 12 * 3600_000
const QUARTER_MS = 15 * 60_000
/** The name of a server's cookie: one for each port, since browsers keep cookies by host. */
const cookieOf = ({ origin }: { origin: string }) => `tributary-${new URL(origin).port}`

const { email, password } = host

describe('signing in', () => {
  let node: TestServer
  const clock = testClock()

  before(async () => {
    node = await foundedServer('node', clock)
  })
  after(endServers)

  async function signedIn(): Promise<Visitor> {
    const guest = visitor(node.origin)
    expect((await guest.fill('/login', '/login', { email, password })).url).to.equal('/host')
    return guest
  }

  /** Whether a visitor with this cookie gets behind the sign-in. */
  async function letsIn(token: string): Promise<boolean> {
    const guest = visitor(node.origin)
    guest.cookies.set(cookieOf(node), token)
    return (await guest.get('/host')).url === '/host'
  }

  const secret = async () => String((await node.site.store.get('notes', 'login-secret'))?.value)

  async function claims(changes: object = {}) {
    const [person] = await node.site.store.find('people', { where: { email } })
    const iat = Math.floor(Date.parse(clock.now()) / 1000)
    return { sub: person?.id, epoch: person?.epoch, jti: 'made', iat, exp: iat + 60, ...changes }
  }

  const without = (all: object, name: string) =>
    Object.fromEntries(Object.entries(all).filter(([key]) => key !== name))

  it('leads from a page of the host to the sign-in and back to where one wanted to go', async () => {
    const guest = visitor(node.origin)
    const asked = await guest.get('/host/trail?by=setup')
    expect(asked.url).to.equal('/login')
    expect(asked.text).to.include('value="/host/trail?by=setup"')
    const { url } = await guest.fill('/login?next=/host/trail', '/login', { email, password })
    expect(url).to.equal('/host/trail')
  })

  it('keeps the token from scripts and other sites, and every page behind it from caches', async () => {
    const body = new URLSearchParams({ email: email.toUpperCase(), password })
    const response = await fetch(`${node.origin}/login`, {
      method: 'POST',
      body,
      redirect: 'manual',
    })
    expect(response.headers.get('set-cookie')).to.match(/HttpOnly.*SameSite=Lax/)
    expect(response.headers.get('cache-control')).to.equal('no-store')
  })

  it('says the same for an unknown address and a wrong password, after the same work', async () => {
    const answer = async (fields: Record<string, string>) => {
      const start = process.hrtime.bigint()
      const { status, text } = await visitor(node.origin).send('/login', fields)
      const took = Number(process.hrtime.bigint() - start) / 1e6
      return { status, took, text: text.replaceAll(String(fields.email), '') }
    }
    const wrong = await answer({ email, password: 'not the one at all' })
    const unknown = await answer({ email: 'nobody@demo.example', password: 'not the one at all' })
    expect(wrong.status).to.equal(400)
    expect(wrong.text).to.include('The e-mail address or the password is not right.')
    expect(unknown.text).to.equal(wrong.text)
    expect(unknown.took).to.be.above(wrong.took / 5)
    expect(wrong.text).not.to.include('not the one at all')
  })

  it('goes on to pages of this site only, however another is written', async () => {
    const foreign = [
      '//evil.example',
      '/\\evil.example',
      '\\\\evil.example',
      'https://evil.example',
      'https:evil.example',
      'javascript:alert(1)',
      '/\t/evil.example',
      '/\n/evil.example',
      'evil.example',
      '',
    ]
    for (const next of foreign) {
      expect(localPath(next), next).to.equal(undefined)
    }
    for (const next of ['//evil.example', '/\\evil.example']) {
      const { url } = await visitor(node.origin).send('/login', { email, password, next })
      expect(url, next).to.equal('/host')
    }
    for (const next of ['/', '/host/people?page=2', '/.//evil.example', '/%2F/evil.example']) {
      expect(localPath(next)).to.equal(next)
    }
  })

  it('stops whoever guesses, by account and by address, and says when to come back', async () => {
    const tried = await addPerson(node.site, {
      name: 'Tried Often',
      email: 'tried@demo.example',
      role: 'moderator',
      language: 'en',
      password: 'nobody guesses this',
    })
    const guess = (right: string) =>
      visitor(node.origin).send('/login', { email: tried.email, password: right })
    const wrong = await Promise.all(Array.from({ length: 10 }, () => guess('')))
    expect(new Set(wrong.map(({ status }) => status))).to.deep.equal(new Set([400]))
    const stopped = await guess('nobody guesses this')
    expect(stopped.status).to.equal(429)
    expect(stopped.text).to.match(/Wait 1[45] minutes and try again/)
    expect(Number(stopped.headers.get('retry-after'))).to.be.within(840, 900)
    expect((await visitor(node.origin).send('/login', { email, password })).url).to.equal('/host')
    clock.forward(QUARTER_MS)
    expect((await guess('nobody guesses this')).url).to.equal('/host')
    const others = Array.from({ length: 20 }, (_, i) =>
      visitor(node.origin).send('/login', { email: `${i}@demo.example`, password: '' }),
    )
    await Promise.all(others)
    expect((await visitor(node.origin).send('/login', { email, password })).status).to.equal(429)
    clock.forward(QUARTER_MS)
  })

  it('lets nobody in by a token that is not ours, not signed, not in time or of an ended epoch', async () => {
    const key = await secret()
    const good = await claims()
    const times = { at: node.site.now(), until: new Date((good.iat + 60) * 1000).toISOString() }
    const login = { id: loginId('made'), person: String(good.sub), epoch: Number(good.epoch) }
    await node.site.store.commit({ put: { logins: [{ ...login, ...times, browser: '' }] } })
    expect(await letsIn(jwt.sign(good, key, { algorithm: 'HS256' }))).to.equal(true)
    const bad: Record<string, string> = {
      'no signature': jwt.sign(good, '', { algorithm: 'none' }),
      'another algorithm': jwt.sign(good, key.repeat(2), { algorithm: 'HS512' }),
      'the same secret, another algorithm': jwt.sign(good, key, { algorithm: 'HS384' }),
      'another secret': jwt.sign(good, 'guessed', { algorithm: 'HS256' }),
      expired: jwt.sign(await claims({ exp: good.iat - 1 }), key, { algorithm: 'HS256' }),
      'never expires': jwt.sign(without(await claims(), 'exp'), key, { algorithm: 'HS256' }),
      'no name': jwt.sign(without(await claims(), 'jti'), key, { algorithm: 'HS256' }),
      'another epoch': jwt.sign(await claims({ epoch: 7 }), key, { algorithm: 'HS256' }),
      nobody: jwt.sign(await claims({ sub: `${node.origin}/people/x` }), key, {
        algorithm: 'HS256',
      }),
      'the form of a token': 'a.b.c',
    }
    for (const [what, token] of Object.entries(bad)) {
      expect(await letsIn(token), what).to.equal(false)
    }
  })

  it('ends after half a day', async () => {
    const guest = await signedIn()
    clock.forward(HALF_DAY_MS)
    expect((await guest.get('/host')).url).to.equal('/login')
  })

  it('makes a new token at each sign-in, so that one set by somebody else is worth nothing', async () => {
    const guest = visitor(node.origin)
    guest.cookies.set(cookieOf(node), 'fixed')
    await guest.fill('/login', '/login', { email, password })
    const first = guest.cookies.get(cookieOf(node))
    await guest.fill('/logout', '/logout', {})
    expect(guest.cookies.has(cookieOf(node))).to.equal(false)
    await guest.fill('/login', '/login', { email, password })
    expect(guest.cookies.get(cookieOf(node))).not.to.be.oneOf(['fixed', first])
  })

  it('changes nothing for a form without its token, with another’s, or of an earlier sign-in', async () => {
    const guest = await signedIn()
    const stale = tokenIn((await guest.get('/host/account')).text)
    await guest.fill('/logout', '/logout', {})
    await guest.fill('/login', '/login', { email, password })
    const other = tokenIn((await (await signedIn()).get('/host/account')).text)
    const name = async () => (await node.site.store.find('people', { where: { email } }))[0]?.name
    for (const token of ['', 'x', stale, other]) {
      const fields = { do: 'facts', name: 'Changed', language: 'en' }
      const { status, text } = await guest.send('/host/account', fields, token)
      expect(status).to.equal(403)
      expect(text).to.include('nothing was changed')
      expect(await name()).to.equal(host.name)
    }
    const token = tokenIn((await guest.get('/host/account')).text)
    const body = new URLSearchParams({
      _token: token,
      do: 'facts',
      name: 'Changed',
      language: 'en',
    })
    const headers = { origin: 'https://evil.example' }
    const { status } = await guest.get('/host/account', { method: 'POST', body, headers })
    expect([status, await name()]).to.deep.equal([403, host.name])
  })

  it('offers a button to sign out, and a link does not do it', async () => {
    const guest = await signedIn()
    const { text } = await guest.get('/logout')
    expect(text).to.include(`You are signed in as <bdi>${host.name}</bdi>.`)
    expect((await guest.get('/host')).url).to.equal('/host')
    expect((await guest.fill('/logout', '/logout', {})).url).to.equal('/')
    expect((await guest.get('/host')).url).to.equal('/login')
  })

  it('gives nobody the login of a removed account of the same name', async () => {
    const fields = {
      name: 'Ana Lima',
      email: 'ana@demo.example',
      role: 'editor',
      language: 'en',
      password: 'nobody guesses this',
    } as const
    const gone = await addPerson(node.site, fields)
    const guest = visitor(node.origin)
    await guest.fill('/login', '/login', { email: fields.email, password: fields.password })
    await removePerson(node.site, gone, 'setup')
    expect((await guest.get('/host')).url).to.equal('/login')
    const next = await addPerson(node.site, { ...fields, role: 'host' })
    expect(next.id).to.equal(`${node.origin}/people/ana-lima-2`)
    expect((await guest.get('/host')).url).to.equal('/login')
  })
})
