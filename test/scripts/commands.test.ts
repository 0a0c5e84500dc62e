/** The operator's commands: what they do, and what they say when something is wrong. */
import { once } from 'node:events'
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { statSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { SqliteStore } from '../../content/store/sqlite.ts'
import { Refusal } from '../../content/refusal.ts'
import { FREE, keepConduct, noteMistake, waitOf } from '../../federation/conduct.ts'
import { filledNode, foundedServer, host } from '../help/community.ts'
import { endHostiles, hostileServer } from '../help/hostile.ts'
import { endServers, type TestServer, until } from '../help/servers.ts'
import { visitor } from '../help/visitor.ts'
import { begin, endProcesses, expectRefused, forEach, type Settings, tributary } from './run.ts'

const folder = mkdtempSync(join(tmpdir(), 'tributary-commands-'))
afterEach(endProcesses)
after(() => rmSync(folder, { recursive: true, force: true }))

let made = 0
/** A place for a server that is not there yet. */
const place = (): string => join(folder, `${(made += 1)}`)
const at = (data: string): Settings => ({ TRIBUTARY_DATA: data })
const of = ({ data, origin }: TestServer): Settings => ({
  TRIBUTARY_DATA: data,
  TRIBUTARY_ORIGIN: origin,
  TRIBUTARY_PRIVATE_PEERS: 'allow',
})

const names = ['import', 'person', 'peer', 'keys', 'sync', 'verify', 'doctor', 'backup', 'restore']

describe('tributary --help', () => {
  it('names every command and every setting', async () => {
    const { code, text } = await tributary(['--help'])
    expect(code).to.equal(0)
    for (const name of names) expect(text).to.match(new RegExp(`^  tributary ${name}\\b`, 'm'))
    expect(text).to.include('TRIBUTARY_DATA')
    expect(text).not.to.match(/terminal\.\w+\.|undefined/)
  })

  it('says nothing more when its reader has gone', async () => {
    const child = begin('tributary.ts', ['--help'])
    child.stdout?.destroy()
    let said = ''
    child.stderr?.on('data', (text: Buffer) => (said += text.toString()))
    await once(child, 'exit')
    expect(said).to.equal('')
  })

  it('of each command says what it is for', () =>
    forEach(names, async (name) => {
      const { code, text } = await tributary([name, '--help'], at(place()))
      expect(code, text).to.equal(0)
      expect(text).to.match(new RegExp(`^tributary ${name} .*\\n\\n.{20,}\\n\\n.{40,}`))
      expect(text).not.to.match(/terminal\.\w+\.|undefined/)
    }))
})

describe('a command that is not understood', () => {
  const cases: [string[], RegExp][] = [
    [['sing'], /"sing" is not a command here\. Known: import, person/],
    [['person', 'sing'], /"sing" is not a command here\. Known: list, add/],
    [['person', 'list', '--loud'], /Usage: tributary person/],
    [['import'], /Please give the file/],
    [['import', '/nowhere/at/all'], /nothing to read at \/nowhere\/at\/all/],
    [['restore', '/nowhere/at/all'], /nothing to read at \/nowhere\/at\/all/],
  ]
  it('ends in one sentence that says what would be', () =>
    forEach(cases, async ([args, sentence]) =>
      expectRefused(await tributary(args, at(place())), sentence),
    ))
})

describe('a command without its server', () => {
  const copy = join(folder, 'none')
  const all = [['person'], ['doctor'], ['backup', copy]]
  it('says so, and makes none', () =>
    forEach(all, async (args) => {
      const data = place()
      expectRefused(await tributary(args, at(data)), /There is no server in .* npm start/)
      expect([data, copy].some((path) => existsSync(path))).to.equal(false)
    }))
})

describe('looking after a running server', () => {
  let node: TestServer
  before(async () => {
    node = await foundedServer()
  })
  after(endServers)
  const run = (...args: string[]) => tributary(args, of(node))

  it('adds, lists, helps and removes a person', async () => {
    const added = await run(
      'person',
      'add',
      'Kofi@igf.example',
      '--name',
      'Kofi',
      '--role',
      'moderator',
    )
    expect(added.code, added.text).to.equal(0)
    const password = /only now\): (\S+)/.exec(added.text)?.[1] ?? ''
    expect(password).to.match(/^[\w-]{20}$/)
    expect((await run('person', 'list')).text).to.match(/^moderator\tkofi@igf\.example\tKofi$/m)
    const renewed = await run('person', 'password', 'KOFI@igf.example')
    expect(/only now\): (\S+)/.exec(renewed.text)?.[1])
      .to.match(/^[\w-]{20}$/)
      .and.not.equal(password)
    expect((await run('person', 'remove', 'kofi@igf.example')).code).to.equal(0)
    expect((await run('person')).text).not.to.include('kofi')
    const acts = await node.site.store.find('acts', { where: { by: 'terminal' } })
    expect(acts).to.have.length(3)
  })

  const wrong: [string[], RegExp][] = [
    [['person', 'add', 'nobody'], /email: This is not an e-mail address/],
    [['person', 'add', host.email], /email: /],
    [['person', 'add', 'a@b.example', '--role', 'king'], /no such role.*host, editor/],
    [['person', 'password', 'x@y.example'], /Nobody here has the e-mail address x@y\.example/],
    [['person', 'remove', host.email], /host/],
    [['peer', 'block', 'nowhere'], /"nowhere" is not an address/],
    [['peer', 'follow', 'http://127.0.0.1:1'], /could not be reached/],
    [['peer', 'unfollow', 'https://nobody.example'], /not followed/],
    [
      ['peer', 'pause', 'https://nobody.example'],
      /Nothing is known here of https:\/\/nobody\.example/,
    ],
    [['peer', 'resume', 'nowhere'], /"nowhere" is not an address/],
  ]
  it('refuses what is wrong, each in a sentence', () =>
    forEach(wrong, async ([args, sentence]) => expectRefused(await run(...args), sentence)))

  it('lists peers, and blocks and trusts them', async () => {
    expect((await run('peer')).text).to.equal('There are no peers yet.')
    expect((await run('peer', 'block', 'https://bad.example/x')).code).to.equal(0)
    expect(await node.site.store.get('peers', 'https://bad.example')).to.include({
      standing: 'blocked',
    })
    expect((await run('peer', 'trust', 'https://bad.example')).code).to.equal(0)
    expect(await node.site.store.get('peers', 'https://bad.example')).to.include({
      standing: 'trusted',
    })
  })

  it('pauses a server and resumes it, and the running server forgives what it sent', async () => {
    const id = 'https://paused.example'
    const { store } = node.site
    await run('peer', 'trust', id)
    const paused = async () => (await store.get('peers', id))?.paused
    expect((await run('peer', 'pause', `${id}/actor`)).code).to.equal(0)
    expect(await paused()).to.have.all.keys('at')
    for (let n = 0; n < FREE; n += 1)
      noteMistake(node.site, id, new Refusal('unauthorized', 'proof.changed'))
    await keepConduct(node.site)
    expect(waitOf(node.site, id)).to.be.above(0)
    expect((await run('peer', 'resume', id)).code).to.equal(0)
    expect(await paused()).to.equal(undefined)
    await until(async () => waitOf(node.site, id) === 0)
    const acts = await store.find('acts', { where: { item: id, by: 'terminal' } })
    expect(acts.map(({ verb }) => verb)).to.include.members(['peer_paused', 'peer_resumed'])
  })

  it('reads nothing where nobody is followed', async () => {
    expect((await run('sync')).code).to.equal(0)
  })

  it('is examined: what is well, what is not, and what to do', async () => {
    const { code, text } = await run('doctor')
    expect(code).to.equal(1)
    expect(text)
      .to.match(/✓ The server has a name/)
      .and.match(/✓ Other servers can read the initiative/)
    expect(text).to.match(/✗ The public address uses https\n {4}Put a reverse proxy/)
    expect(text).to.match(/\d things need you\.$/)
    const other = await tributary(['doctor'], {
      ...of(node),
      TRIBUTARY_ORIGIN: 'https://other.example',
    })
    expect(other.text).to.match(/✗ The address is the one the keys were made for/)
    expect(other.text).not.to.match(/\n\s+at /)
  })

  it('imports what is right, names what is wrong, and fails for it', async () => {
    const lines = join(folder, 'lines.jsonl')
    const good = { title: 'Imported', text: '- Open networks', language: 'en', year: 2024 }
    writeFileSync(lines, `${JSON.stringify(good)}\n{"title":"No text"}\nbroken\n`)
    const first = await run('import', lines)
    expectRefused(
      first,
      /lines\.jsonl:2: .*\n {2}language: Please fill this in\.\n {2}text: Please/,
    )
    expect(first.text).to.match(/lines\.jsonl:3: .*\n {2}line: The line is not a JSON object/)
    expect(first.text).to.match(/1 imported, 0 were here already, 2 could not be read/)
    const page = await visitor(node.origin).get('/outcomes/imported-2024')
    expect(page.text).to.include('Open networks')
    const again = await run('import', lines)
    expect(again.text).to.match(/0 imported, 1 were here already, 2 could not be read/)
    writeFileSync(lines, `${JSON.stringify({ ...good, title: 'Later' })}\n`)
    const draft = await run('import', lines, '--draft')
    expect(draft.code, draft.text).to.equal(0)
    expect((await visitor(node.origin).get('/outcomes/later-2024')).status).to.equal(404)
  })

  it('imports from an address: a WordPress site with its comments, and says how far it is', async () => {
    const old = await hostileServer()
    const served = (path: string, type: string, body: unknown) =>
      old.serve(path, {
        headers: { 'content-type': type },
        body: typeof body === 'string' ? body : JSON.stringify(body),
      })
    const json = (path: string, body: unknown) =>
      served(`/wp-json/wp/v2/${path}`, 'application/json', body)
    served('/', 'text/html', `<link rel="https://api.w.org/" href="${old.origin}/wp-json/">`)
    const post = (id: number) => ({
      ...{ id, link: `${old.origin}/p${id}/`, title: { rendered: `Should we ask ${id}?` } },
      content: { rendered: `<p>Tell us what you think of it, number ${id}.</p>` },
    })
    json('posts', [post(1), post(2)])
    json('pages', [])
    const words = { rendered: '<p>Yes, ask.</p>' }
    json('comments', [{ id: 5, post: 1, author_name: 'Ana Lund', content: words }])
    const { code, text } = await run('import', `${old.origin}/`)
    expect(code, text).to.equal(0)
    expect(text).to.include(`Reading ${old.origin}/`).and.include('2 posts read')
    expect(text).to.match(/2 imported, 0 were here already, 0 could not be read/)
    const page = await visitor(node.origin).get('/p1')
    expect(page.headers.get('location')).to.equal('/discussions/should-we-ask-1')
    const talk = await visitor(node.origin).get('/discussions/should-we-ask-1')
    expect(talk.text).to.include('Ana Lund').and.include('not signed by its author')
    const again = await run('import', `${old.origin}/`)
    expect(again.text).to.match(/0 imported, 2 were here already, 0 could not be read/)
    await endHostiles()
  })
})

describe('importing before the setup', () => {
  after(endServers)
  it('says that the server has no name yet', async () => {
    const data = place()
    mkdirSync(data)
    await new SqliteStore(join(data, 'tributary.sqlite')).close()
    const file = join(folder, 'x.jsonl')
    writeFileSync(file, '')
    expectRefused(await tributary(['import', file], at(data)), /not set up yet.*setup/)
  })
})

describe('backup and restore', () => {
  const file = join(folder, 'backup.sqlite')
  const restore = (from: string, data: string) => tributary(['restore', from], at(data))
  let node: TestServer

  before(async () => {
    node = await filledNode('valley')
    const { code, text } = await tributary(['backup', file], of(node))
    expect(code, text).to.equal(0)
    expect(text).to.match(/^Wrote .*backup\.sqlite \([\d,]+ bytes\)\.$/)
  })
  after(endServers)

  it('saves everything while the server runs, in a file for this user alone', async () => {
    expect(statSync(file).mode & 0o077).to.equal(0)
    const data = place()
    const { code, text } = await restore(file, data)
    expect(code, text).to.equal(0)
    expect(readdirSync(data)).to.deep.equal(['tributary.sqlite'])
    expect(statSync(data).mode & 0o077).to.equal(0)
    const store = new SqliteStore(join(data, 'tributary.sqlite'))
    for (const table of ['items', 'drafts', 'versions', 'people', 'keys', 'acts'] as const) {
      const all = await node.site.store.find(table, { limit: 1000 })
      expect(all.length, table).to.be.above(0)
      expect(await store.find(table, { limit: 1000 }), table).to.deep.equal(all)
    }
    expect(await store.head()).to.deep.equal(await node.site.store.head())
    await store.close()
  })

  it('never writes over a file, or over a server', async () => {
    const before = statSync(file)
    expectRefused(
      await tributary(['backup', file], of(node)),
      /exists already and is never written over/,
    )
    expect(statSync(file).mtimeMs).to.equal(before.mtimeMs)
    expectRefused(await restore(file, node.data), /already holds a server, so nothing was restored/)
    const killed = place()
    mkdirSync(killed)
    writeFileSync(join(killed, 'tributary.sqlite-wal'), 'left behind')
    expectRefused(await restore(file, killed), /tributary\.sqlite-wal already holds a server/)
  })

  const broken: [string, (path: string) => void, RegExp][] = [
    ['cut short', (path) => truncateSync(path, 50_000), /is damaged/],
    ['empty', (path) => truncateSync(path, 0), /is damaged/],
    ['no database', (path) => writeFileSync(path, 'hello'), /is damaged/],
    ['a folder', (path) => (rmSync(path), mkdirSync(path)), /nothing to read/],
  ]
  it('restores nothing from a file that is cut short, empty, no database or a folder', () =>
    forEach(broken, async ([what, harm, sentence]) => {
      const path = join(folder, `broken-${what}`)
      copyFileSync(file, path)
      harm(path)
      const data = place()
      const refused = await restore(path, data)
      expectRefused(refused, sentence)
      expect(refused.text).to.include(path)
      expect(existsSync(data) ? readdirSync(data) : []).to.deep.equal([])
    }))

  it('says where nothing can be written', async () => {
    const below = join(file, 'data')
    expectRefused(await restore(file, below), /cannot be written.*TRIBUTARY_DATA/)
    expectRefused(
      await tributary(['backup', '/nowhere/b'], of(node)),
      /\/nowhere\/b cannot be written/,
    )
  })
})
