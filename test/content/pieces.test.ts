/** The small pieces: short keys, search words, form mistakes, and the Merkle tree's proofs. */
import { createHash } from 'node:crypto'
import { expect } from 'chai'
import fc from 'fast-check'
import * as z from 'zod'
import { checked, mistakesOf } from '../../content/checked.ts'
import {
  completed,
  type Frontier,
  grown,
  inclusionProof,
  leafHash,
  rootAt,
  rootFromPath,
  rootOf,
} from '../../content/merkle.ts'
import { plainLetters, searchable, searchQuery } from '../../content/searchable.ts'
import { shortKey } from '../../content/short-key.ts'
import { At, Id, Language, Slug } from '../../content/values.ts'
import { plainRoot } from '../store/contract-log.ts'
import { refusalOf } from '../store/refused.ts'

describe('a short key', () => {
  it('is the same for the same id everywhere, and sixteen letters and digits', () => {
    expect(shortKey('https://igf.example/outcomes/1')).to.equal('1f8bdqud1cqfzzzj')
    const keys = Array.from({ length: 5000 }, (_, i) => shortKey(`https://igf.example/${i}`))
    expect(new Set(keys).size).to.equal(5000)
    for (const key of keys) expect(key).to.match(/^[0-9a-z]{16}$/)
  })
})

describe('the words of a text', () => {
  it('are always found by any of themselves', () => {
    const letters = fc.string({ unit: 'grapheme', maxLength: 60 })
    fc.assert(
      fc.property(letters, (text) => {
        const held = ` ${searchable(text)} `
        for (const group of searchQuery(text)) expect(held).to.include(` ${group.join(' ')} `)
        expect(plainLetters(plainLetters(text))).to.equal(plainLetters(text))
      }),
      { seed: 2026, numRuns: 500 },
    )
  })

  it('are at most 32 groups, of at most 2,000 letters', () => {
    expect(searchQuery('a '.repeat(500))).to.have.length(32)
    expect(searchQuery(`"${'a '.repeat(5000)}"`).flat().length).to.be.at.most(1000)
  })
})

describe('values', () => {
  const cases: [string, z.ZodType, string[], unknown[]][] = [
    [
      'ids',
      Id,
      ['https://a.example/1', 'http://127.0.0.1:8000/actor'],
      ['javascript:x', 'a', '', `https://a.example/${'x'.repeat(2000)}`, 5],
    ],
    [
      'languages',
      Language,
      ['en', 'zh-Hans', 'und', 'es-419', 'pt-BR', 'gsw'],
      ['English', 'EN', '', 'e', 'en_US', 'en-'],
    ],
    [
      'slugs',
      Slug,
      ['a', 'messages-2026', '2026'],
      ['', '-a', 'A', 'a/b', '../a', 'é', 'a'.repeat(101)],
    ],
    [
      'instants',
      At,
      ['2026-05-03T10:00:00.000Z'],
      ['2026-05-03', '2026-02-30T10:00:00Z', '2026-05-03T10:00:00+02:00', 'now', '', 5],
    ],
  ]
  for (const [what, schema, right, wrong] of cases) {
    it(`take only ${what} that are`, () => {
      for (const value of right) expect(schema.parse(value)).to.equal(value)
      for (const value of wrong)
        expect(schema.safeParse(value).success, String(value)).to.equal(false)
    })
  }

  it('write every instant alike', () => {
    for (const text of ['2026-05-03T10:00:00Z', '2026-05-03T10:00:00.000000Z'])
      expect(At.parse(text)).to.equal('2026-05-03T10:00:00.000Z')
  })
})

describe('the mistakes of a form', () => {
  const Form = z.object({
    name: z.string().min(1),
    age: z.number().min(18).max(99),
    mail: z.email(),
    when: At,
    tags: z.array(z.string().max(3)).max(2),
    nested: z.object({ title: z.string() }),
  })

  it('are named once for each field, with a sentence and its figures', () => {
    const wrong = { name: '', age: 5, mail: 'x', when: 'x', tags: ['long'], nested: {} }
    const { error } = Form.safeParse(wrong, { reportInput: true })
    expect(error && mistakesOf(error)).to.deep.equal([
      { field: 'name', sentence: 'field.required' },
      { field: 'age', sentence: 'field.too_small', values: { least: 18 } },
      { field: 'mail', sentence: 'field.bad_email' },
      { field: 'when', sentence: 'field.bad_date' },
      { field: 'tags.0', sentence: 'field.too_big', values: { most: 3 } },
      { field: 'nested.title', sentence: 'field.required' },
    ])
  })

  it('are a refusal, which is named after the form when it is no form at all', async () => {
    for (const input of [undefined, null, 5, 'x', []]) {
      const { reason, mistakes } = await refusalOf(() => checked(Form, input))
      expect(reason).to.equal('invalid')
      expect(mistakes[0]?.field).to.equal('form')
    }
  })
})

const leaves = Array.from({ length: 130 }, (_, i) => Buffer.from(`leaf ${i}`))

/** The stored hashes of a log, grown one by one as the store does. */
function tree(size: number) {
  const held = new Map<string, Buffer>()
  const nodes = (level: number, index: number) => {
    const hash = held.get(`${level} ${index}`)
    if (!hash) throw new Error(`no node ${level} ${index}`)
    return hash
  }
  for (const [i, leaf] of leaves.slice(0, size).entries()) {
    for (const { level, index, hash } of completed(i, leafHash(leaf), nodes)) {
      held.set(`${level} ${index}`, hash)
    }
  }
  return nodes
}

describe('the Merkle tree', () => {
  it('has the root of RFC 6962 at every size, from its nodes and from its frontier', () => {
    const nodes = tree(130)
    let frontier: Frontier = { size: 0, hashes: [] }
    for (let size = 0; size <= 130; size += 1) {
      const root = plainRoot(leaves.slice(0, size)).toString('hex')
      expect(rootAt(size, nodes).toString('hex')).to.equal(root)
      expect(rootOf(frontier)).to.equal(root)
      expect(frontier.size).to.equal(size)
      const leaf = leaves[size]
      if (leaf) frontier = grown(frontier, leafHash(leaf))
    }
  })

  it('proves that each leaf is in each log, and nothing else', () => {
    const nodes = tree(40)
    const sizes = [1, 2, 3, 7, 8, 9, 31, 32, 33, 40]
    for (const size of sizes) {
      const root = rootAt(size, nodes)
      for (let index = 0; index < size; index += 1) {
        const proof = inclusionProof(index, size, nodes)
        const leaf = leafHash(leaves[index] ?? Buffer.alloc(0))
        const leads = (at: number, of: number, hash: Buffer, path: Buffer[]) =>
          rootFromPath(at, of, hash, path).equals(root)
        expect(leads(index, size, leaf, proof)).to.equal(true)
        expect(leads(index, size, leafHash(Buffer.from('other')), proof)).to.equal(false)
        expect(leads(index, size, leaf, [...proof, leaf])).to.equal(false)
        expect(leads(index, size, leaf, [leaf, ...proof])).to.equal(false)
        if (proof.length > 0) expect(leads(index, size, leaf, proof.slice(1))).to.equal(false)
        for (const wrong of [size, size + 1, -1, 0.5])
          expect(leads(wrong, size, leaf, proof)).to.equal(false)
      }
    }
  })

  it('takes no inner node for a leaf', () => {
    const [left, right] = [leafHash(Buffer.from('a')), leafHash(Buffer.from('b'))]
    const plain = createHash('sha256')
      .update(Buffer.concat([left, right]))
      .digest()
    const inner = createHash('sha256')
      .update(Buffer.concat([Buffer.from([1]), left, right]))
      .digest()
    expect(leafHash(Buffer.concat([left, right])).equals(plain)).to.equal(false)
    expect(leafHash(Buffer.concat([left, right])).equals(inner)).to.equal(false)
  })
})
