/** The first run of a server in the browser, from an empty folder to a host who is signed in. */
import { expect } from 'chai'
import { endServers, testClock, type TestServer, testServer } from '../help/servers.ts'
import { type Visitor, visitor } from '../help/visitor.ts'

const PAGE_BYTES_MAX = 50 * 1024
const QUARTER_MS = 15 * 60_000

const right = {
  languages: 'French, Wolof',
  'name.fr': 'Forum de la Côte d’Argent',
  'name.wo': 'Ndajem Tefes',
  acronym: 'FCA',
  kind: 'sub_regional',
  countries: 'Senegal, the Gambia\nGW; Cabo Verde',
  'summary.fr': 'Des ports qui parlent de câbles.',
  accent: '#1D5FA8',
  personName: 'Awa Diop',
  email: 'awa@igf.example',
  password: 'trois mots bien longs',
}

const mistakesIn = (page: string) =>
  [...page.matchAll(/<li><a href="#f-([^"]*)">/g)].map(([, field]) => field)

describe('setting up a new server', () => {
  let node: TestServer
  let guest: Visitor
  const clock = testClock()

  before(async () => {
    node = await testServer('node', clock)
    guest = visitor(node.origin)
  })
  after(endServers)

  it('leads every page to the setup, which says what to do and shows no menu', async () => {
    for (const path of ['/', '/outcomes', '/host', '/login', '/search?q=x', '/nowhere']) {
      expect((await guest.get(path)).url, path).to.equal('/setup')
    }
    const { text, headers } = await guest.get('/setup')
    expect(text).to.include('<h1>Set up this server</h1>')
    expect(text).to.include('where the server was started')
    expect(text).not.to.match(/href="\/(login|outcomes|search)"/)
    expect(headers.get('cache-control')).to.equal('no-store')
  })

  it('answers programs that nothing is here yet', async () => {
    const { status } = await guest.get('/actor', {
      headers: { accept: 'application/activity+json' },
    })
    expect(status).to.equal(404)
    const json = await guest.get('/outcomes.json', { headers: { accept: 'application/json' } })
    expect(json.status).to.equal(200)
  })

  it('stays under 50 kB in both languages, with the names of all countries to look them up', async () => {
    for (const language of ['en', 'ar']) {
      const { text } = await visitor(node.origin, language).get('/setup')
      expect(Buffer.byteLength(text)).to.be.below(PAGE_BYTES_MAX)
      expect(text).to.include(language === 'ar' ? 'السنغال SN' : 'Senegal SN')
    }
  })

  it('comes back filled, with every mistake beside its field and no password', async () => {
    const wrong = {
      ...right,
      code: '000-000-000',
      'name.fr': '  ',
      acronym: '',
      kind: 'galactic',
      countries: 'Senegal, Atlantis, Korea',
      accent: 'blue',
      email: 'awa',
      password: 'too short',
      personName: '',
    }
    const { status, text } = await guest.fill('/setup', '/setup', wrong)
    expect(status).to.equal(400)
    const fields = ['code', 'name.fr', 'acronym', 'kind', 'countries', 'countries', 'accent']
    expect(mistakesIn(text)).to.deep.equal([...fields, 'personName', 'email', 'password'])
    expect(text).to.include('“Atlantis” is not known here.')
    expect(text).to.include('Did you mean North Korea (KP), South Korea (KR)?')
    expect(text).to.include('value="Ndajem Tefes"')
    expect(text).to.include('Senegal, Atlantis, Korea</textarea>')
    expect(text).to.include('value="awa"')
    expect(text).not.to.include('too short')
  })

  it('asks for the name in the main language, and shows a field for each language', async () => {
    const { text } = await guest.fill('/setup', '/setup', {
      languages: 'Wolof, Français',
      do: 'languages',
    })
    expect(text).not.to.include('role="alert"')
    expect(text).to.include('id="f-name.wo" name="name.wo" required')
    expect(text).to.include('id="f-name.fr" name="name.fr"')
    const sent = await guest.fill('/setup', '/setup', { languages: 'Wolof', 'name.en': 'Coast' })
    expect(mistakesIn(sent.text)).to.include('name.wo')
    expect(sent.text).to.include('value="Coast"')
  })

  it('takes no field for a language that is none', async () => {
    const odd = { 'name.%%%': 'x', 'name.en-12': 'x', 'name."><b>': 'x', __proto__: 'x' }
    const { status, text } = await guest.fill('/setup', '/setup', { ...right, ...odd, code: '1' })
    expect([status, mistakesIn(text)]).to.deep.equal([400, ['code']])
    expect(text).not.to.include('%%%').and.not.include('en-12').and.not.include('<b>')
  })

  it('asks a national initiative for its country, and no node for the kind “global”', async () => {
    const national = { ...right, kind: 'national', countries: '' }
    expect(mistakesIn((await guest.fill('/setup', '/setup', national)).text)).to.include(
      'countries',
    )
    const global = await guest.fill('/setup', '/setup', { ...right, kind: 'global' })
    expect(mistakesIn(global.text)).to.include('kind')
  })

  it('lets nobody guess at the code for long, and says when to come back', async () => {
    let last = await guest.send('/setup', { ...right, code: '111-111-111' })
    for (let tries = 0; tries < 10 && last.status !== 429; tries += 1) {
      last = await guest.send('/setup', { ...right, code: '111-111-111' })
    }
    expect(last.status).to.equal(429)
    expect(last.text).to.include('Wait 15 minutes and try again.')
    expect(Number(last.headers.get('retry-after'))).to.be.within(890, 900)
    const blocked = await guest.send('/setup', { ...right, code: String(node.setupCode) })
    expect(blocked.status).to.equal(429)
    clock.forward(QUARTER_MS)
    expect((await guest.send('/setup', { ...right, code: '1' })).status).to.equal(400)
  })

  it('refuses a setup that another site sends', async () => {
    const body = new URLSearchParams({ ...right, code: String(node.setupCode) })
    const headers = { origin: 'https://evil.example' }
    const { status } = await guest.get('/setup', { method: 'POST', body, headers })
    expect(status).to.equal(403)
    expect(await node.site.store.count('people', {})).to.equal(0)
  })

  it('makes a working node, and its first host is signed in', async () => {
    const code = String(node.setupCode).replaceAll('-', ' ')
    const { status, url, text } = await guest.fill('/setup', '/setup', { ...right, code })
    expect([status, url]).to.deep.equal([200, '/host'])
    expect(text).to.include('Write the first meeting or discussion')
    expect(text).to.include('Awa Diop')
    const initiative = await node.site.store.get('initiatives', `${node.origin}/actor`)
    expect(initiative).to.deep.include({
      name: { fr: right['name.fr'], wo: right['name.wo'] },
      countries: ['SN', 'GM', 'GW', 'CV'],
      languages: ['fr', 'wo'],
      kind: 'sub_regional',
      accent: '#1d5fa8',
    })
    const actor = await guest.get('/actor', { headers: { accept: 'application/activity+json' } })
    expect(JSON.parse(actor.text)).to.deep.include({ preferredUsername: 'fca', type: 'Group' })
  })

  it('is gone once it was done, even for who still has the code', async () => {
    expect((await guest.get('/setup')).status).to.equal(404)
    const again = await visitor(node.origin).send('/setup', {
      ...right,
      code: String(node.setupCode),
    })
    expect(again.status).to.equal(404)
    expect((await visitor(node.origin).get('/')).text).to.include('Forum de la Côte d’Argent')
  })

  it('of two who send it at once makes one host only', async () => {
    const both = await testServer('node', clock)
    const code = String(both.setupCode)
    const sent = ['a@igf.example', 'b@igf.example'].map((email) =>
      visitor(both.origin).send('/setup', { ...right, code, email }),
    )
    const statuses = (await Promise.all(sent)).map(({ status }) => status).sort()
    expect(statuses[0]).to.equal(200)
    expect(statuses[1]).to.be.oneOf([404, 409])
    expect(await both.site.store.count('people', {})).to.equal(1)
  })

  it('asks an aggregator for neither kind nor countries', async () => {
    const river = await testServer('aggregator', clock)
    const first = visitor(river.origin, 'ar')
    const { text } = await first.get('/setup')
    expect(text).not.to.match(/name="(kind|countries)"/)
    const { url } = await first.fill('/setup', '/setup', {
      code: String(river.setupCode),
      'name.ar': 'النهر',
      acronym: 'River',
      personName: 'نور',
      email: 'noor@igf.example',
      password: 'ثلاث كلمات طويلة',
    })
    expect(url).to.equal('/host')
    const made = await river.site.store.get('initiatives', `${river.origin}/actor`)
    expect(made).to.deep.include({ kind: 'global', countries: [], languages: ['ar'] })
  })
})
