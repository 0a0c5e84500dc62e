/** The SQLite store: the contract, and what can go wrong with a file. */
import { execFileSync, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { closeSync, existsSync, mkdirSync, mkdtempSync, openSync, readFileSync } from 'node:fs'
import { rmSync, statSync, writeFileSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { DatabaseSync } from 'node:sqlite'
import { expect } from 'chai'
import { checkFile } from '../../content/store/sqlite-file.ts'
import { SqliteStore } from '../../content/store/sqlite.ts'
import { storeContract } from './contract.ts'
import { discussion, entry, idOf, names } from './fixtures.ts'
import { refusalOf, sentenceOf } from './refused.ts'

const folder = mkdtempSync(join(tmpdir(), 'tributary-sqlite-'))
let made = 0
const fresh = () => join(folder, `${(made += 1)}.sqlite`)
after(() => rmSync(folder, { recursive: true, force: true }))

storeContract('SQLite', async () => new SqliteStore(fresh()))
storeContract('SQLite that writes apart', async () => new SqliteStore(fresh(), { isApart: true }))

/** A closed store with some documents and entries in it. */
async function filled(path = fresh()): Promise<string> {
  const store = new SqliteStore(path)
  const items = Array.from({ length: 300 }, (_, i) =>
    discussion(`d${i}`, { text: `cable ${i} ${'words '.repeat(100)}` }),
  )
  await store.commit({ put: { items }, log: [entry(), entry(), entry()] })
  await store.close()
  return path
}

const openOf = (path: string) => sentenceOf(() => new SqliteStore(path).close())

describe('a database file', () => {
  it('holds everything when it is opened again', async () => {
    const store = new SqliteStore(await filled())
    expect(await store.count('items', { text: 'cable' })).to.equal(300)
    expect((await store.head()).size).to.equal(3)
    await store.close()
  })

  it('can be read by nobody else on the machine, with all that SQLite lays beside it', async () => {
    const path = await filled()
    const store = new SqliteStore(path)
    await store.commit({ put: { notes: [{ id: 'a', value: 'b' }] } })
    for (const each of [path, `${path}-wal`, `${path}-shm`])
      expect(statSync(each).mode & 0o077, each).to.equal(0)
    await store.close()
  })

  it('from a newer version is refused, and left as it is', async () => {
    const path = await filled()
    const db = new DatabaseSync(path)
    db.exec('PRAGMA user_version = 99')
    db.close()
    const before = readFileSync(path)
    const { sentence, values } = await refusalOf(() => new SqliteStore(path).close())
    expect(sentence).to.equal('store.newer')
    expect(values.found).to.equal(99)
    expect(readFileSync(path).equals(before)).to.equal(true)
  })

  it('of another program is refused, and left as it is', async () => {
    const path = fresh()
    const db = new DatabaseSync(path)
    db.exec('CREATE TABLE theirs (a)')
    db.close()
    const before = readFileSync(path)
    expect(await openOf(path)).to.equal('unavailable store.foreign')
    expect(readFileSync(path).equals(before)).to.equal(true)
  })

  it('keeps no value that no document has any more', async () => {
    const path = fresh()
    const store = new SqliteStore(path)
    await store.commit({ put: { items: [discussion('a', { topics: ['a private word'] })] } })
    await store.commit({ drop: { items: [idOf('a')] } })
    await store.close()
    const db = new DatabaseSync(path)
    expect(db.prepare("SELECT * FROM names WHERE value = 'a private word'").all()).to.deep.equal([])
    db.close()
  })

  it('in a place that cannot be written is refused', async () => {
    const file = await filled()
    const places = [
      join(file, 'tributary.sqlite'),
      join(folder, 'no', 'x'),
      '/proc/tributary',
      folder,
    ]
    for (const path of places)
      expect(await openOf(path), path).to.equal('unavailable store.unwritable')
  })

  it('that is no database, or cut short, is refused', async () => {
    const noise = fresh()
    writeFileSync(noise, randomBytes(10_000))
    expect(await openOf(noise)).to.equal('unavailable store.damaged')
    const short = await filled()
    writeFileSync(short, readFileSync(short).subarray(0, 20_000))
    expect(await sentenceOf(() => checkFile(short))).to.equal('unavailable store.damaged')
    checkFile(await filled())
  })

  it('with a damaged page says so when it is read and when it is written', async () => {
    const path = await filled()
    const file = openSync(path, 'r+')
    writeSync(file, randomBytes(statSync(path).size - 8192), 0, null, 8192)
    closeSync(file)
    const store = new SqliteStore(path)
    const damaged = 'unavailable store.damaged'
    expect(await sentenceOf(store.find('items', {}))).to.equal(damaged)
    expect(await sentenceOf(store.commit({ put: { items: [discussion('x')] } }))).to.equal(damaged)
    await store.close()
  })

  it('held by another program is refused for now, and taken again afterwards', async function () {
    this.timeout(15_000)
    const path = await filled()
    const store = new SqliteStore(path)
    const other = new DatabaseSync(path)
    other.exec('BEGIN IMMEDIATE')
    const change = { put: { items: [discussion('x')] }, log: [entry()] }
    expect(await sentenceOf(store.commit(change))).to.equal('unavailable store.locked')
    expect(await store.count('items', {})).to.equal(300)
    other.exec('ROLLBACK')
    other.close()
    await store.commit(change)
    expect((await store.head()).size).to.equal(4)
    await store.close()
  })

  it('says when another process has written to it, and not when it has itself', async () => {
    const path = await filled()
    const [store, other] = [new SqliteStore(path), new SqliteStore(path)]
    const before = await store.generation()
    await store.commit({ put: { items: [discussion('mine')] } })
    expect(await store.generation()).to.equal(before)
    await other.commit({ put: { items: [discussion('theirs')] } })
    expect(await store.generation()).not.to.equal(before)
    for (const each of [store, other]) await each.close()
  })

  it('is copied whole: documents, index, words and log', async () => {
    const store = new SqliteStore(await filled())
    const pending = store.commit({ put: { items: [discussion('last')] }, log: [entry()] })
    const copy = fresh()
    await Promise.all([pending, store.backup(copy)])
    const copied = new SqliteStore(copy)
    for (const each of [store, copied]) await each.commit({ put: { items: [discussion('more')] } })
    expect(await copied.head()).to.deep.equal(await store.head())
    expect(await copied.find('items', { limit: 1000 })).to.deep.equal(
      await store.find('items', { limit: 1000 }),
    )
    expect(await copied.count('items', { text: 'words 299' })).to.equal(1)
    for (const each of [store, copied]) await each.close()
  })
})

describe('a store that writes apart', () => {
  it('says when another process has written, and not when its own thread has', async () => {
    const path = await filled()
    const [store, other] = [new SqliteStore(path, { isApart: true }), new SqliteStore(path)]
    const before = await store.generation()
    for (const name of ['one', 'two']) await store.commit({ put: { items: [discussion(name)] } })
    expect(await store.generation()).to.equal(before)
    const held = await store.get('items', idOf('one'))
    const text = 'from elsewhere'
    await other.commit({ put: { items: [{ ...held, text } as never] } })
    expect(await store.generation()).not.to.equal(before)
    expect(await store.get('items', idOf('one'))).to.include({ text })
    for (const each of [store, other]) await each.close()
  })

  it('finds a value again that nothing had for a while', async () => {
    const store = new SqliteStore(fresh(), { isApart: true })
    const found = async () => names(await store.find('items', { where: { topic: 'tide' } }))
    for (const name of ['a', 'b']) {
      await store.commit({ put: { items: [discussion(name, { topics: ['tide'] })] } })
      expect(await found()).to.deep.equal([name])
      await store.commit({ drop: { items: [idOf(name)] } })
      expect(await found()).to.deep.equal([])
    }
    await store.close()
  })

  it('begins to when it writes much, with nothing lost or twice on the way', async () => {
    const path = fresh()
    const store = new SqliteStore(path)
    const all = Array.from({ length: 4000 }, (_, i) => `d${i}`)
    const commit = (name: string) =>
      store.commit({ put: { items: [discussion(name)] }, log: [entry()] })
    for (let from = 0; from < all.length; from += 20) {
      await Promise.all(all.slice(from, from + 20).map(commit))
      expect(await store.count('items', {})).to.equal(from + 20)
    }
    await store.close()
    const again = new SqliteStore(path)
    expect((await again.head()).size).to.equal(all.length)
    expect(await again.count('items', {})).to.equal(all.length)
    expect(await again.count('items', { text: 'd3999' })).to.equal(1)
    await again.close()
  })
})

describe('a torn write-ahead log', () => {
  /** The files of a store as they lie on the disk while it is open: as after a power cut. */
  async function cut(written: number): Promise<{ path: string; log: Buffer }> {
    const path = fresh()
    const store = new SqliteStore(path)
    for (let i = 0; i < written; i += 1)
      await store.commit({ put: { items: [discussion(`t${i}`)] } })
    const copy = fresh()
    const log = readFileSync(`${path}-wal`)
    writeFileSync(copy, readFileSync(path))
    await store.close()
    return { path: copy, log }
  }

  const held = async (path: string, log: Buffer): Promise<number> => {
    writeFileSync(`${path}-wal`, log)
    const store = new SqliteStore(path)
    const found = await store.count('items', {})
    await store.commit({ put: { items: [discussion('afterwards')] } })
    await store.close()
    return found
  }

  it('holds everything that was acknowledged when what came after it is torn', async () => {
    for (const torn of [randomBytes(1), randomBytes(700), randomBytes(4120), randomBytes(9000)]) {
      const { path, log } = await cut(5)
      expect(await held(path, Buffer.concat([log, torn]))).to.equal(5)
    }
  })

  it('holds whole changes only when its own end is torn', async () => {
    const { path, log } = await cut(5)
    const short = await held(path, log.subarray(0, log.length - 100))
    expect(short).to.equal(4)
  })
})

describe('a full disk', () => {
  const disk = join(folder, 'disk')
  const ballast = join(disk, 'ballast')
  let mounted = false

  before(function () {
    mkdirSync(disk)
    try {
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=2m', 'tmpfs', disk], { stdio: 'ignore' })
      mounted = true
    } catch {
      if (this.test) this.test.title += ' (skipped: this user may not mount a small disk)'
      this.skip()
    }
  })
  after(() => void (mounted && execFileSync('umount', [disk])))

  it('refuses what it cannot hold, keeps what it took, and goes on when there is room', async () => {
    writeFileSync(ballast, randomBytes(1_000_000))
    const store = new SqliteStore(join(disk, 'full.sqlite'))
    const text = 'cable '.repeat(2000)
    let taken = 0
    let refused = ''
    while (!refused && taken < 1000) {
      const change = { put: { items: [discussion(`d${taken}`, { text })] }, log: [entry()] }
      refused = await store.commit(change).then(
        () => ((taken += 1), ''),
        (error: unknown) => String(Reflect.get(Object(error), 'sentence')),
      )
    }
    expect(refused).to.equal('store.full')
    expect(taken).to.be.above(5)
    expect(await sentenceOf(store.backup(join(disk, 'copy')))).to.equal('unavailable store.full')
    expect(existsSync(join(disk, 'copy'))).to.equal(false)
    expect(await store.count('items', { text: 'cable' })).to.equal(taken)
    expect(await store.last('public')).to.equal(taken)
    rmSync(ballast)
    await store.commit({ put: { items: [discussion('after')] }, log: [entry()] })
    await store.close()
    const again = new SqliteStore(join(disk, 'full.sqlite'))
    expect(await again.count('items', {})).to.equal(taken + 1)
    expect((await again.head()).size).to.equal(taken + 1)
    await again.close()
  })
})

/** Commits documents without end, three at a time, and says which are on disk. */
const child = (path: string, isApart: boolean) => `
  import { SqliteStore } from '${join(import.meta.dirname, '../../content/store/sqlite.ts')}'
  import { discussion, entry } from '${join(import.meta.dirname, 'fixtures.ts')}'
  const store = new SqliteStore('${path}', { isApart: ${isApart} })
  for (let i = 0; i < 100_000; i += 3) {
    await Promise.all([i, i + 1, i + 2].map(async (n) => {
      await store.commit({ put: { items: [discussion('d' + n)] }, log: [entry()] })
      process.stdout.write(n + '\\n')
    }))
  }`

describe('a process killed while it writes', () => {
  const cases = [1, 40, 160].flatMap((lines) => [
    { lines, isApart: false },
    { lines, isApart: true },
  ])
  for (const { lines, isApart } of cases) {
    it(`has on disk everything that it said was, killed after ${lines} changes${isApart ? ' of its thread' : ''}`, async () => {
      const path = fresh()
      const args = ['--input-type=module', '--eval', child(path, isApart)]
      const running = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
      const ended = once(running, 'exit')
      const said: number[] = []
      for await (const line of createInterface(running.stdout)) {
        said.push(Number(line))
        if (said.length === lines) running.kill('SIGKILL')
      }
      await ended
      const store = new SqliteStore(path)
      const held = new Set(names(await store.find('items', { limit: 1000 })))
      for (const n of said) expect(held.has(`d${n}`), idOf(`d${n}`)).to.equal(true)
      expect((await store.head()).size).to.equal(held.size)
      await store.close()
    })
  }
})
