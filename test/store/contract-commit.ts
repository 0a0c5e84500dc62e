/** Part of the store's contract: changes are committed whole, and nothing is written over unseen. */
import { expect } from 'chai'
import { randomUUID } from 'node:crypto'
import { existsSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Opened } from './contract.ts'
import { discussion, entry, idOf, names } from './fixtures.ts'
import { reasonOf, sentenceOf } from './refused.ts'

export function commitsWhole(opened: Opened): void {
  documents(opened)
  conflicts(opened)
  together(opened)
  ending(opened)
}

function documents(opened: Opened): void {
  it('gives back what was put, with a revision that grows', async () => {
    const store = opened()
    await store.commit({ put: { items: [discussion('a', { text: 'first' })] } })
    const first = await store.get('items', idOf('a'))
    expect(first).to.deep.equal({ ...discussion('a', { text: 'first' }), rev: 1 })
    await store.commit({ put: { items: [{ ...discussion('a', { text: 'second' }), rev: 1 }] } })
    const second = await store.get('items', idOf('a'))
    expect(second).to.deep.equal({ ...discussion('a', { text: 'second' }), rev: 2 })
    expect(await store.find('items', {})).to.deep.equal([second])
  })

  it('keeps tables apart: the same id in another table is another document', async () => {
    const store = opened()
    await store.commit({
      put: { notes: [{ id: idOf('a'), value: 'x' }], items: [discussion('a')] },
    })
    expect(await store.get('notes', idOf('a'))).to.deep.equal({ id: idOf('a'), value: 'x', rev: 1 })
    expect(await store.get('people', idOf('a'))).to.equal(undefined)
    expect(await store.count('notes', {})).to.equal(1)
  })

  it('keeps every letter of a text: quotes, emoji, controls, other scripts', async () => {
    const value = `' " \\ \u0000 \u001f 🌊 مرحبا \u2028 ${'界'.repeat(1000)}`
    await opened().commit({ put: { notes: [{ id: 'letters', value }] } })
    expect((await opened().get('notes', 'letters'))?.value).to.equal(value)
  })

  it('forgets a dropped document altogether, and dropping what is not there is no mistake', async () => {
    const store = opened()
    await store.commit({ put: { items: [discussion('a', { text: 'cable', topics: ['sea'] })] } })
    await store.commit({ drop: { items: [idOf('a'), idOf('never')] } })
    expect(await store.get('items', idOf('a'))).to.equal(undefined)
    expect(await store.count('items', {})).to.equal(0)
    expect(await store.count('items', { where: { topic: 'sea' } })).to.equal(0)
    expect(await store.count('items', { text: 'cable' })).to.equal(0)
    expect(await store.facets('items', {}, ['topic'])).to.deep.equal({ topic: [] })
  })

  it('drops several documents at once, again and again', async () => {
    const store = opened()
    for (let round = 0; round < 40; round += 1) {
      const items = ['a', 'b', 'c', 'd'].map((name) => discussion(`${name}${round}`))
      await store.commit({ put: { items } })
      await store.commit({ drop: { items: items.map(({ id }) => id) } })
    }
    expect(await store.count('items', {})).to.equal(0)
  })

  it('can drop and put one id in one change', async () => {
    const store = opened()
    await store.commit({ put: { items: [discussion('a', { text: 'old' })] } })
    await store.commit({
      drop: { items: [idOf('a')] },
      put: { items: [discussion('a', { text: 'new' })] },
    })
    expect(await store.get('items', idOf('a'))).to.include({ text: 'new', rev: 1 })
  })
}

function conflicts(opened: Opened): void {
  it('refuses to write over a newer writing, over an unread one, and over one that is gone', async () => {
    const store = opened()
    const first = discussion('a', { text: 'one' })
    await store.commit({ put: { items: [first] } })
    await store.commit({ put: { items: [{ ...first, text: 'two', rev: 1 }] } })
    for (const rev of [1, 3, undefined]) {
      const stale = { ...first, text: 'stale', ...(rev ? { rev } : {}) }
      expect(await reasonOf(store.commit({ put: { items: [stale] } }))).to.equal('conflict')
    }
    await store.commit({ drop: { items: [first.id] } })
    const late = { ...first, rev: 2 }
    expect(await sentenceOf(store.commit({ put: { items: [late] } }))).to.equal(
      'conflict store.changed',
    )
    expect(await store.count('items', {})).to.equal(0)
  })

  it('takes all of a change or nothing: documents, their index and the log', async () => {
    const store = opened()
    const said = entry()
    await store.commit({ put: { items: [discussion('a', { topics: ['sea'] })] }, log: [said] })
    const head = await store.head()
    const change = {
      drop: { items: [idOf('a')] },
      put: { notes: [{ id: 'n', value: '' }], items: [discussion('b', { text: 'cable' })] },
      log: [entry(), { ...entry(), id: said.id }],
    }
    expect(await sentenceOf(store.commit(change))).to.equal('conflict store.entry_known')
    expect(names(await store.find('items', {}))).to.deep.equal(['a'])
    expect(await store.count('items', { where: { topic: 'sea' } })).to.equal(1)
    expect(await store.count('items', { text: 'cable' })).to.equal(0)
    expect(await store.get('notes', 'n')).to.equal(undefined)
    expect(await store.head()).to.deep.equal(head)
    expect(await store.last('public')).to.equal(1)
  })

  it('refuses a change that puts one document twice', async () => {
    const twice = { put: { items: [discussion('a'), discussion('a')] } }
    expect(await reasonOf(opened().commit(twice))).to.equal('conflict')
    expect(await opened().count('items', {})).to.equal(0)
  })
}

/** Changes of one turn of the event loop may share one write to the disk; they share nothing else. */
function together(opened: Opened): void {
  it('refuses only the wrong one of several changes made at once', async () => {
    const store = opened()
    await store.commit({ put: { items: [discussion('a')] } })
    const changes = [
      { put: { items: [{ ...discussion('a', { text: 'mine' }), rev: 1 }] }, log: [entry()] },
      { put: { items: [{ ...discussion('a', { text: 'theirs' }), rev: 1 }] }, log: [entry()] },
      { put: { items: [discussion('b')] }, log: [entry()] },
    ]
    const results = await Promise.allSettled(changes.map((change) => store.commit(change)))
    expect(results.map(({ status }) => status)).to.deep.equal([
      'fulfilled',
      'rejected',
      'fulfilled',
    ])
    expect(await store.get('items', idOf('a'))).to.include({ text: 'mine', rev: 2 })
    expect((await store.log('public', 0, 10)).map(({ id }) => id)).to.deep.equal([
      changes[0]?.log[0]?.id,
      changes[2]?.log[0]?.id,
    ])
  })

  it('keeps the others when one change is no change at all but a defect', async () => {
    const store = opened()
    const broken = { id: idOf('broken'), type: 'discussion' } as unknown as ReturnType<
      typeof discussion
    >
    const results = await Promise.allSettled([
      store.commit({ put: { items: [discussion('a')] } }),
      store.commit({ put: { items: [broken] } }),
      store.commit({ put: { items: [discussion('b')] } }),
    ])
    expect(results.map(({ status }) => status)).to.deep.equal([
      'fulfilled',
      'rejected',
      'fulfilled',
    ])
    expect(await store.count('items', {})).to.equal(2)
  })
}

function ending(opened: Opened): void {
  it('writes what was asked for before it closes, and refuses what comes after', async () => {
    const store = opened()
    const before = store.commit({ put: { items: [discussion('a')] } })
    const chained = before.then(() => store.commit({ put: { items: [discussion('b')] } }))
    await Promise.all([store.close(), before, chained])
    const late = await Promise.allSettled([store.commit({ put: { items: [discussion('c')] } })])
    expect(late[0]?.status).to.equal('rejected')
    await store.close()
  })

  it('copies everything to a file that others cannot read, and never writes over one', async () => {
    const file = join(tmpdir(), `tributary-backup-${randomUUID()}`)
    try {
      await opened().commit({ put: { items: [discussion('a')] } })
      await opened().backup(file)
      expect(statSync(file).size).to.be.above(0)
      expect(statSync(file).mode & 0o077).to.equal(0)
      expect(await sentenceOf(opened().backup(file))).to.equal('conflict store.backup_exists')
    } finally {
      rmSync(file, { force: true })
    }
  })

  it('says that a backup cannot be written where there is no folder', async () => {
    const file = join(tmpdir(), randomUUID(), 'backup')
    expect(await sentenceOf(opened().backup(file))).to.equal('unavailable store.unwritable')
    expect(existsSync(file)).to.equal(false)
  })
}
