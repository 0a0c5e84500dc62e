/** A database of an older format, opened by this version: carried forward with all that is in it. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { expect } from 'chai'
import { SqliteStore } from '../../content/store/sqlite.ts'
import { asFormat2, asFormat4 } from './formats.ts'
import { discussion, entry, idOf, minute, names } from './fixtures.ts'

const folder = mkdtempSync(join(tmpdir(), 'tributary-format-'))
let made = 0
const fresh = () => join(folder, `${(made += 1)}.sqlite`)

describe('an older database file', () => {
  after(() => rmSync(folder, { recursive: true, force: true }))

  it('from format 2 is carried forward: found by its fields, altered and forgotten as before', async () => {
    const path = fresh()
    const before = new SqliteStore(path)
    const written = ['a', 'b', 'c'].map((name, i) =>
      discussion(name, { at: minute(i), topics: ['sea', name], language: i ? 'fr' : 'en' }),
    )
    await before.commit({ put: { items: written } })
    await before.close()
    const db = new DatabaseSync(path)
    db.exec(asFormat2)
    db.close()
    const store = new SqliteStore(path)
    const found = async (where: Record<string, string | string[]>) =>
      names(await store.find('items', { where }))
    expect(await found({ topic: 'sea', language: 'fr' })).to.deep.equal(['c', 'b'])
    expect((await store.facets('items', { since: minute(0) }, ['topic'])).topic?.[0]).to.deep.equal(
      { value: 'sea', count: 3 },
    )
    const held = await store.find('items', { where: { topic: 'b' } })
    const tags = { ...held[0]?.tags, topics: ['land'] }
    await store.commit({
      put: { items: held.map((each) => ({ ...each, tags }) as typeof each) },
      drop: { items: [idOf('c')] },
    })
    expect(await found({ topic: 'sea' })).to.deep.equal(['a'])
    expect(await found({ topic: ['land', 'c'] })).to.deep.equal(['b'])
    await store.close()
  })

  it('from format 4 is carried forward: what was sent to nobody is known as that', async () => {
    const path = fresh()
    const before = new SqliteStore(path)
    const said = (cc?: string[]) => {
      const one = entry()
      const { actor, id } = one
      return { ...one, wire: JSON.stringify({ actor, ...(cc ? { cc } : {}), id, to: ['all'] }) }
    }
    const log = [
      said(),
      said(['https://igf.example/actor/followers']),
      entry('to:https://a.example'),
    ]
    await before.commit({ log })
    await before.close()
    const db = new DatabaseSync(path)
    db.exec(asFormat4)
    db.close()
    const store = new SqliteStore(path)
    const quiet = (await store.log('public', 0, 10)).map((each) => each.quiet ?? false)
    expect(quiet).to.deep.equal([true, false])
    await store.commit({ log: [{ ...entry(), quiet: true }] })
    expect((await store.log('public', 2, 1))[0]).to.include({ seq: 3, quiet: true })
    expect(await store.head()).to.have.property('size', 3)
    await store.close()
  })
})
