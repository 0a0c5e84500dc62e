/** Part of the store's contract: documents are found by their fields, in order, page by page, and counted. */
import { expect } from 'chai'
import type { Opened } from './contract.ts'
import { discussion, idOf, minute, names } from './fixtures.ts'

export function findsByField(opened: Opened): void {
  filters(opened)
  facets(opened)
  facetsBeside(opened)
  order(opened)
  pages(opened)
}

async function shore(opened: Opened): Promise<void> {
  const items = [
    discussion('a', { at: minute(1), language: 'en', topics: ['sea', 'cable'], sdgs: ['9'] }),
    discussion('b', { at: minute(2), language: 'fr', topics: ['sea'], sdgs: ['9', '14'] }),
    discussion('c', { at: minute(3), language: 'ar', topics: ['school'], sdgs: ['4'] }),
    discussion('d', { at: minute(4), language: 'en', topics: ['cable'], visibility: 'held' }),
  ]
  await opened().commit({ put: { items } })
}

function filters(opened: Opened): void {
  const cases: [string, Record<string, string | string[]>, string][] = [
    ['one value', { language: 'en' }, 'da'],
    ['one of several values', { language: ['fr', 'ar'] }, 'cb'],
    ['one value in a list', { language: ['fr'] }, 'b'],
    ['no value at all', { language: [] }, ''],
    ['a field with several values in the document', { topic: 'cable' }, 'da'],
    ['several of those, found once', { topic: ['sea', 'cable'] }, 'dba'],
    ['several fields, all needed', { language: 'en', topic: 'sea' }, 'a'],
    ['a list and a value', { language: ['en', 'fr'], topic: 'sea', visibility: 'shown' }, 'ba'],
    ['a number of the document as text', { year: '2026' }, 'dcba'],
    ['true as text', { local: 'true' }, 'dcba'],
    ['a value no document has', { topic: 'moon' }, ''],
    ['a field no document has', { colour: 'blue' }, ''],
    ['quotes and SQL', { topic: "sea' OR '1'='1" }, ''],
    ['only part of a value', { topic: 'se' }, ''],
    ['a value in another case', { topic: 'Sea' }, ''],
  ]
  for (const [what, where, expected] of cases) {
    it(`filters by ${what}`, async () => {
      await shore(opened)
      expect(names(await opened().find('items', { where }))).to.deep.equal([...expected])
      expect(await opened().count('items', { where })).to.equal(expected.length)
    })
  }

  it('filters by time, both ends included', async () => {
    await shore(opened)
    const query = { since: minute(2), until: minute(3) }
    expect(names(await opened().find('items', query))).to.deep.equal(['c', 'b'])
    expect(await opened().count('items', { ...query, where: { language: 'fr' } })).to.equal(1)
    expect(await opened().count('items', { since: minute(5) })).to.equal(0)
    expect(names(await opened().find('items', { until: minute(1) }))).to.deep.equal(['a'])
  })

  it('takes a very long list of values', async () => {
    await shore(opened)
    const many = Array.from({ length: 1000 }, (_, i) => `topic ${i}`)
    expect(await opened().count('items', { where: { topic: [...many, 'sea'] } })).to.equal(2)
  })

  it('follows a document that changed its fields', async () => {
    await shore(opened)
    const moved = { ...discussion('a', { at: minute(9), language: 'pt' }), rev: 1 }
    await opened().commit({ put: { items: [moved] } })
    expect(await opened().count('items', { where: { language: 'en' } })).to.equal(1)
    expect(await opened().count('items', { where: { topic: 'sea' } })).to.equal(1)
    expect(names(await opened().find('items', { limit: 1 }))).to.deep.equal(['a'])
    expect(await opened().count('items', { since: minute(9) })).to.equal(1)
  })
}

function facetsBeside(opened: Opened): void {
  it('counts beside what is asked for what else there is to choose', async () => {
    await shore(opened)
    const asked = { where: { visibility: 'shown', language: 'fr' } }
    const beside = { language: ['en', 'fr', 'ar'] }
    for (const query of [asked, { ...asked, since: minute(0) }]) {
      const all = await opened().facets('items', asked, ['language', 'topic'], 100, beside)
      const { language } = await opened().facets('items', { where: { visibility: 'shown' } }, [
        'language',
      ])
      expect(all).to.deep.equal({
        language,
        topic: (await opened().facets('items', query, ['topic'])).topic,
      })
    }
    const nothing = { where: { language: 'zh' }, text: 'b' }
    expect(await opened().facets('items', nothing, ['topic', 'language'], 9, beside)).to.deep.equal(
      { topic: [], language: [{ value: 'fr', count: 1 }] },
    )
  })
}

function facets(opened: Opened): void {
  it('counts the values of fields, most frequent first, with and without filters', async () => {
    await shore(opened)
    const all = await opened().facets('items', {}, ['topic', 'language', 'colour'])
    expect(all).to.deep.equal({
      topic: [
        { value: 'cable', count: 2 },
        { value: 'sea', count: 2 },
        { value: 'school', count: 1 },
      ],
      language: [
        { value: 'en', count: 2 },
        { value: 'ar', count: 1 },
        { value: 'fr', count: 1 },
      ],
      colour: [],
    })
    const shown = { where: { visibility: 'shown', topic: ['sea', 'school'] } }
    expect(await opened().facets('items', shown, ['sdg'])).to.deep.equal({
      sdg: [
        { value: '9', count: 2 },
        { value: '14', count: 1 },
        { value: '4', count: 1 },
      ],
    })
    expect(await opened().facets('items', { where: { topic: 'moon' } }, ['sdg'])).to.deep.equal({
      sdg: [],
    })
  })

  it('counts facets of what a text and a time find', async () => {
    await shore(opened)
    const found = await opened().facets('items', { text: 'b', since: minute(1) }, ['language'])
    expect(found).to.deep.equal({ language: [{ value: 'fr', count: 1 }] })
    for (const text of ['', '!?', 'nowhere']) {
      expect(await opened().facets('items', { text }, ['language']), text).to.deep.equal({
        language: [],
      })
    }
  })

  it('gives at most a hundred values of a field', async () => {
    const topics = Array.from({ length: 30 }, (_, i) => i)
    const items = topics.map((i) =>
      discussion(`d${i}`, { topics: topics.map((n) => `${i} ${n}`).slice(0, 5) }),
    )
    await opened().commit({ put: { items } })
    const { topic = [] } = await opened().facets('items', {}, ['topic'])
    expect(topic).to.have.length(100)
    const { topic: filtered = [] } = await opened().facets('items', { since: minute(0) }, ['topic'])
    expect(filtered).to.deep.equal(topic)
  })
}

const seven = ['a', 'b', 'c', 'd', 'e', 'f', 'g']
const times: Record<string, number> = { a: 1, b: 2, c: 2, d: 2, e: 3, f: 4, g: 4 }
const newest = ['g', 'f', 'e', 'd', 'c', 'b', 'a']

async function week(opened: Opened): Promise<void> {
  const items = seven.map((name) => discussion(name, { at: minute(times[name] ?? 0) }))
  await opened().commit({ put: { items } })
}

function order(opened: Opened): void {
  it('orders by time, and by id where the time is the same', async () => {
    await week(opened)
    expect(names(await opened().find('items', {}))).to.deep.equal(newest)
    expect(names(await opened().find('items', { order: 'newest' }))).to.deep.equal(newest)
    expect(names(await opened().find('items', { order: 'oldest' }))).to.deep.equal(seven)
    const where = { language: 'en' }
    expect(names(await opened().find('items', { where, order: 'oldest' }))).to.deep.equal(seven)
  })
}

function pages(opened: Opened): void {
  for (const where of [{}, { language: 'en' }, { language: ['en', 'fr'] }]) {
    for (const direction of ['newest', 'oldest'] as const) {
      it(`pages through all, each once, ${direction} first, filtered by ${JSON.stringify(where)}`, async () => {
        await week(opened)
        const seen: string[] = []
        let after = {}
        for (let page = 0; page < seven.length; page += 1) {
          const found = await opened().find('items', {
            where,
            order: direction,
            limit: 2,
            ...after,
          })
          const last = found.at(-1)
          if (!last) break
          seen.push(...names(found).map(String))
          after = { after: { at: last.published, id: last.id } }
        }
        expect(seen).to.deep.equal(direction === 'newest' ? newest : seven)
      })
    }
  }

  it('skips, limits, and takes twenty when it is not told how many', async () => {
    await week(opened)
    expect(names(await opened().find('items', { skip: 2, limit: 2 }))).to.deep.equal(['e', 'd'])
    expect(await opened().find('items', { skip: 7 })).to.deep.equal([])
    expect(await opened().find('items', { limit: 0 })).to.deep.equal([])
    expect(await opened().find('items', { limit: -1 })).to.deep.equal([])
    const more = Array.from({ length: 1010 }, (_, i) => discussion(`m${i}`))
    await opened().commit({ put: { items: more } })
    expect(await opened().find('items', {})).to.have.length(20)
    expect(await opened().find('items', { limit: 5000 })).to.have.length(1000)
    expect(await opened().count('items', {})).to.equal(1017)
  })

  it('counts all that is found, whatever page is looked at', async () => {
    await week(opened)
    const after = { at: minute(2), id: idOf('c') }
    for (const page of [
      { limit: 2 },
      { skip: 3 },
      { after },
      { after, order: 'oldest' as const },
    ]) {
      expect(await opened().count('items', page)).to.equal(7)
      const { language } = await opened().facets('items', page, ['language'])
      expect(language).to.deep.equal([{ value: 'en', count: 7 }])
    }
  })
}
