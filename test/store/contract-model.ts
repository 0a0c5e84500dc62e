/** Part of the store's contract: whatever is done to it in whatever order, it agrees with a plain Map. */
import { expect } from 'chai'
import fc from 'fast-check'
import type { Discussion } from '../../content/model.ts'
import type { Query } from '../../content/store.ts'
import type { Opened } from './contract.ts'
import { discussion, idOf, minute, names } from './fixtures.ts'
import { refusalOf } from './refused.ts'

const RUNS = 25

const topic = fc.constantFrom('sea', 'cable', 'school')
const language = fc.constantFrom('en', 'fr', 'ar')
const letters = fc.constantFrom('mast', 'Réseau', 'сеть', 'شبكة', '网络')
const name = fc.constantFrom('a', 'b', 'c', 'd', 'e')
const time = fc.integer({ min: 0, max: 3 }).map(minute)

/** One change: documents put with the revision last read (or a stale one), and others dropped. */
const put = fc.record({
  name,
  at: time,
  text: letters,
  language,
  topics: fc.uniqueArray(topic),
  stale: fc.integer({ min: 0, max: 9 }).map((n) => n === 0),
})
const change = fc.record({
  puts: fc.uniqueArray(put, { maxLength: 3, selector: (each) => each.name }),
  drops: fc.uniqueArray(name, { maxLength: 2 }),
})
const query: fc.Arbitrary<Query> = fc.record(
  {
    where: fc.record(
      { topic: fc.uniqueArray(topic, { maxLength: 2 }), language },
      { requiredKeys: [] },
    ),
    since: time,
    until: time,
    text: letters,
    order: fc.constantFrom('newest', 'oldest'),
    skip: fc.integer({ min: 0, max: 2 }),
    limit: fc.integer({ min: 0, max: 4 }),
  },
  { requiredKeys: [] },
) as fc.Arbitrary<Query>

type Made = (typeof change extends fc.Arbitrary<infer T> ? T : never)['puts'][number]
type Model = Map<string, Discussion>

const made = ({ name: called, stale: _stale, ...given }: Made, rev: number | undefined) => ({
  ...discussion(called, given),
  ...(rev === undefined ? {} : { rev }),
})

/** What a query finds in a Map. */
function foundIn(model: Model, { where = {}, text, since, until, ...rest }: Query): Discussion[] {
  const has = (doc: Discussion) =>
    (!where.topic || [where.topic].flat().some((each) => doc.tags.topics.includes(each))) &&
    (!where.language || doc.language === where.language) &&
    (!text || doc.text === text) &&
    (!since || doc.published >= since) &&
    (!until || doc.published <= until)
  const key = ({ published, id }: Discussion) => `${published} ${id}`
  const down = rest.order === 'oldest' ? 1 : -1
  const all = [...model.values()].filter(has)
  return all.sort((a, b) => (key(a) < key(b) ? -down : down))
}

export function agreesWithAMap(opened: Opened): void {
  it('agrees with a plain Map after any changes, for any query', async () => {
    const store = opened()
    const model: Model = new Map()
    const property = fc.asyncProperty(
      fc.array(change, { maxLength: 6 }),
      fc.array(query, { minLength: 1, maxLength: 6 }),
      async (changes, queries) => {
        for (const each of changes) await apply(each)
        for (const each of queries) {
          const expected = foundIn(model, each)
          const page = expected.slice(each.skip ?? 0).slice(0, each.limit ?? 20)
          expect(await store.find('items', each)).to.deep.equal(page)
          expect(await store.count('items', each)).to.equal(expected.length)
          expect(await store.facets('items', each, ['topic'])).to.deep.equal(tally(expected))
        }
      },
    )

    async function apply({ puts, drops }: { puts: Made[]; drops: string[] }): Promise<void> {
      const kept = puts.filter((each) => !drops.includes(each.name))
      const items = kept.map((each) => {
        const rev = model.get(idOf(each.name))?.rev
        return made(each, each.stale ? (rev ?? 0) + 1 : rev)
      })
      const committing = store.commit({ put: { items }, drop: { items: drops.map(idOf) } })
      if (kept.some(({ stale }) => stale)) {
        expect((await refusalOf(committing)).reason).to.equal('conflict')
        return
      }
      await committing
      for (const each of drops) model.delete(idOf(each))
      for (const each of items) model.set(each.id, { ...each, rev: (each.rev ?? 0) + 1 })
    }

    await fc.assert(property, { numRuns: RUNS, seed: 2026 })
    expect(names([...model.values()]).length).to.equal(await store.count('items', {}))
  })
}

function tally(docs: Discussion[]) {
  const counts = Map.groupBy(
    docs.flatMap(({ tags }) => tags.topics),
    (each) => each,
  )
  const rows = [...counts].map(([value, all]) => ({ value, count: all.length }))
  return { topic: rows.sort((a, b) => b.count - a.count || (a.value < b.value ? -1 : 1)) }
}
