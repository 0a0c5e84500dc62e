/** What is counted as it is written says the same as counting it anew. */
import { mkdtempSync, rmSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import fc from 'fast-check'
import { SqliteStore } from '../../content/store/sqlite.ts'
import type { Store } from '../../content/store.ts'
import { asFormat2 } from './formats.ts'
import { discussion, idOf } from './fixtures.ts'

const fields = ['type', 'language', 'sdg', 'initiative']
const shown = { where: { type: 'discussion', visibility: 'shown' } }
/** The same documents, asked for in a way that is counted anew. */
const anew = { ...shown, since: '2000-01-01T00:00:00.000Z' }

const same = async (store: Store) => {
  const [kept, found] = [
    await store.facets('items', shown, fields),
    await store.facets('items', anew, fields),
  ]
  expect(kept).to.deep.equal(found)
  expect(await store.count('items', shown)).to.equal(await store.count('items', anew))
}

const Act = fc.record({
  name: fc.constantFrom('a', 'b', 'c', 'd', 'e'),
  does: fc.constantFrom('put', 'put', 'put', 'drop', 'conflict'),
  language: fc.constantFrom('en', 'fr', 'ar'),
  sdgs: fc.uniqueArray(fc.constantFrom('1', '2', '16')),
  visibility: fc.constantFrom('shown', 'held', 'removed'),
})

type Acting = typeof Act extends fc.Arbitrary<infer One> ? One : never

async function doing(store: Store, { name, does, ...given }: Acting) {
  const item = discussion(name, given)
  if (does === 'drop') return store.commit({ drop: { items: [idOf(name)] } })
  const rev = (await store.get('items', idOf(name)))?.rev
  const wrong = does === 'conflict' ? { rev: (rev ?? 0) + 7 } : {}
  const commit = store.commit({ put: { items: [{ ...item, ...(rev ? { rev } : {}), ...wrong }] } })
  return does === 'conflict' ? commit.catch(() => undefined) : commit
}

describe('counts', () => {
  const folder = mkdtempSync(join(tmpdir(), 'tributary-counts-'))
  after(() => rmSync(folder, { recursive: true }))
  let files = 0
  const fresh = () => join(folder, `${(files += 1)}.sqlite`)

  it('stay right through writing, rewriting, dropping and what is refused', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(Act, { maxLength: 3 }), { maxLength: 15 }),
        async (turns) => {
          const store = new SqliteStore(fresh())
          for (const turn of turns) {
            const distinct = new Map(turn.map((each) => [each.name, each]))
            await Promise.all([...distinct.values()].map((each) => doing(store, each)))
          }
          await same(store)
          await store.close()
        },
      ),
      { numRuns: 40 },
    )
  })

  it('are made for a database that was written without them', async () => {
    const path = fresh()
    const store = new SqliteStore(path)
    const items = [discussion('a', { sdgs: ['1'] }), discussion('b', { visibility: 'held' })]
    await store.commit({ put: { items } })
    await store.close()
    const db = new DatabaseSync(path)
    db.exec(asFormat2)
    db.exec('DROP TABLE counts; PRAGMA user_version = 1')
    db.close()
    const again = new SqliteStore(path)
    await same(again)
    await again.close()
  })

  it('go no further than was asked', async () => {
    const store = new SqliteStore(fresh())
    await store.commit({ put: { items: ['a', 'b', 'c'].map((name) => discussion(name)) } })
    expect(await store.count('items', anew, 2)).to.equal(2)
    const { language } = await store.facets('items', anew, ['language'], 2)
    expect(language).to.deep.equal([{ value: 'en', count: 2 }])
    await store.close()
  })
})
