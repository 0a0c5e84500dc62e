/** Backups of a server that is being written to, on a schedule and from a page; and what a restore leaves. */
import { existsSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { expect } from 'chai'
import { SqliteStore } from '../../content/store/sqlite.ts'
import { backUpIfDue, backupsIn, copyEverything } from '../../server/backups.ts'
import { settingsOf } from '../../server/config.ts'
import { foundedServer, host } from '../help/community.ts'
import { publish } from '../help/publishing.ts'
import { endServers, type TestServer, testClock, until } from '../help/servers.ts'
import { signedIn, signedInAs } from '../help/signed-in.ts'
import { endProcesses, expectRefused, tributary } from '../scripts/run.ts'
import { visitor } from '../help/visitor.ts'

const DAY_MS = 24 * 3600_000
const folder = mkdtempSync(join(tmpdir(), 'tributary-backup-'))

describe('a backup', () => {
  let node: TestServer
  const clock = testClock()
  const at = (data: string) => ({ TRIBUTARY_DATA: data })

  before(async () => {
    node = await foundedServer('node', clock)
  })
  after(async () => {
    await endProcesses()
    await endServers()
    rmSync(folder, { recursive: true, force: true })
  })

  it('made while the server is written to is whole, and its log the beginning of the server’s', async () => {
    await publish(node.site, 'before', '- before')
    const file = join(folder, 'busy.sqlite')
    let copying = true
    let written = 0
    const writing = (async () => {
      while (copying) await publish(node.site, `busy-${(written += 1)}`, `- busy ${written}`)
    })()
    await copyEverything(node.site, file).finally(() => (copying = false))
    await writing
    expect(written).to.be.above(0)
    expect(statSync(file).mode & 0o077).to.equal(0)
    const copy = new SqliteStore(file)
    const head = await copy.head()
    await copy.close()
    expect(head.size).to.be.above(0)
    expect(await node.site.store.head(head.size)).to.deep.equal(head)
  })

  it('is made each day, the newest are kept, and health and the front page say when the last was', async () => {
    const config = settingsOf(node.site)
    config.backups = 2
    for (let day = 0; day < 4; day += 1) {
      expect(await backUpIfDue(node.site)).to.equal(true)
      expect(await backUpIfDue(node.site)).to.equal(false)
      clock.forward(DAY_MS)
    }
    expect(backupsIn(node.data)).to.have.length(2)
    expect(statSync(join(node.data, 'backups')).mode & 0o077).to.equal(0)
    const { backup } = (await (await fetch(`${node.origin}/healthz`)).json()) as {
      backup: { ageHours: number }
    }
    expect(backup.ageHours).to.equal(24)
    clock.forward(DAY_MS)
    const front = await (await signedIn(node)).get('/host')
    expect(front.text).to.match(/Last backup: .*more than two days ago/s)
    config.backups = 0
    expect(await backUpIfDue(node.site)).to.equal(false)
  })

  it('is taken home by a host who gives the password again, is never cached, and leaves nothing behind', async () => {
    const guest = await signedIn(node)
    const page = await guest.get('/host/backup')
    expect(page.text).to.include('private keys')
    const wrong = await guest.fill('/host/backup', '/host/backup', { present: 'not this one' })
    expect(wrong.status).to.equal(400)
    expect(wrong.text).to.include('This is not your present password')
    const taken = await guest.fill('/host/backup', '/host/backup', { present: host.password })
    expect(taken.status).to.equal(200)
    expect(taken.headers.get('cache-control')).to.equal('no-store')
    expect(taken.headers.get('content-disposition')).to.match(
      /attachment; filename="?tributary-.*\.sqlite/,
    )
    expect(taken.text.slice(0, 15)).to.equal('SQLite format 3')
    const left = () => readdirSync(join(node.data, 'backups')).filter((name) => name[0] === '.')
    await until(async () => left().length === 0)
    expect(await node.site.store.count('acts', { where: { verb: 'took_backup' } })).to.equal(1)
    const editor = await signedInAs(node, 'editor')
    expect((await editor.get('/host/backup')).status).to.equal(403)
    expect((await visitor(node.origin).get('/host/backup')).url).to.equal('/login')
  })

  it('is not restored over a server that runs, and over one that has ended keeps what was there', async () => {
    const file = join(folder, 'kept.sqlite')
    await copyEverything(node.site, file)
    const restore = () => tributary(['restore', file, '--replace'], at(node.data))
    expectRefused(await restore(), /A server is running on .*Stop it first/)
    const before = (await node.site.store.head()).size
    await node.close()
    const { code, text } = await restore()
    expect(code, text).to.equal(0)
    const kept = /kept as (\S+)\./.exec(text)?.[1] ?? ''
    expect(existsSync(kept)).to.equal(true)
    for (const path of [kept, join(node.data, 'tributary.sqlite')]) {
      const store = new SqliteStore(path)
      expect((await store.head()).size).to.equal(before)
      await store.close()
    }
    const newer = join(folder, 'newer.sqlite')
    writeFileSync(newer, '')
    const db = new DatabaseSync(newer)
    db.exec('CREATE TABLE t (x); PRAGMA user_version = 999')
    db.close()
    expectRefused(await tributary(['restore', newer, '--replace'], at(node.data)), /newer/)
    const held = new SqliteStore(join(node.data, 'tributary.sqlite'))
    expect((await held.head()).size).to.equal(before)
    await held.close()
  })
})
