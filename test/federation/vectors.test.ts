/** The published vectors: canonical JSON (RFC 8785), eddsa-jcs-2022 proofs, and every example of ActivityStreams at our door. */
import { createHash, createPrivateKey } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import type { Context } from 'mocha'
import { Refusal } from '../../content/refusal.ts'
import { unbase58 } from '../../federation/multikey.ts'
import { canonical, checkProof, type Json, prove, proven } from '../../federation/proofs.ts'
import { receive } from '../../federation/receive.ts'
import { readActivity } from '../../federation/wire.ts'
import { wordsFor } from '../../server/words.ts'
import { filledNode } from '../help/community.ts'
import {
  activity,
  ask,
  endHostiles,
  type Foreigner,
  hostileServer,
  PUBLIC,
  send,
} from '../help/hostile.ts'
import { endServers, type TestServer } from '../help/servers.ts'

const suites = join(import.meta.dirname, '../../../shared/suites')

/** Skip, and say so, where the vectors are not. */
function needed(test: Context, name: string): string {
  const folder = join(suites, name)
  if (existsSync(folder)) return folder
  if (test.test) test.test.title += ' (skipped: the published vectors are not here)'
  return test.skip()
}

const textIn = (folder: string) => (name: string) => readFileSync(join(folder, name), 'utf8').trim()

describe('published vectors', () => {
  it('RFC 8785: every input has its canonical form, to the byte', function () {
    const folder = needed(this, 'jcs')
    const names = readdirSync(join(folder, 'input'))
    expect(names).to.have.length.above(5)
    for (const name of names) {
      const found = canonical(JSON.parse(readFileSync(join(folder, 'input', name), 'utf8')))
      const hex = textIn(join(folder, 'outhex'))(name.replace('.json', '.txt'))
      expect(Buffer.from(found).toString('hex'), name).to.equal(hex.replace(/\s+/g, ''))
      expect(found, name).to.equal(textIn(join(folder, 'output'))(name))
    }
  })

  it('eddsa-jcs-2022: every step, the signature itself, and no altered copy', async function () {
    const text = textIn(needed(this, 'eddsa-jcs-2022'))
    const read = (name: string) => JSON.parse(text(name)) as Json
    const sha256 = (of: string) => createHash('sha256').update(of).digest('hex')
    const [unsigned, signed] = [read('unsigned.json'), read('signedJCS.json')]
    const { proofValue, ...options } = signed.proof as Json & { proofValue: string }
    expect(canonical(unsigned)).to.equal(text('canonDocJCS.txt'))
    expect(canonical(options)).to.equal(text('proofCanonJCS.txt'))
    expect(sha256(canonical(unsigned))).to.equal(text('docHashJCS.txt'))
    expect(sha256(canonical(options))).to.equal(text('proofHashJCS.txt'))
    expect(text('combinedHashJCS.txt')).to.equal(text('proofHashJCS.txt') + text('docHashJCS.txt'))
    expect(unbase58(proofValue.slice(1)).toString('hex')).to.equal(text('sigHexJCS.txt'))
    const { publicKeyMultibase, privateKeyMultibase } = read('keyPair.json') as Record<
      string,
      string
    >
    const seed = unbase58(String(privateKeyMultibase).slice(1)).subarray(2)
    const der = Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), seed])
    const key = {
      id: String(options.verificationMethod),
      kind: 'ed25519' as const,
      private: createPrivateKey({ key: der, format: 'der', type: 'pkcs8' }),
    }
    expect(prove(unsigned, key, String(options.created))).to.deep.equal(signed)
    expect(proven(unsigned, key, String(options.created))).to.equal(canonical(signed))
    const owner = 'https://example.org/actor'
    const check = (document: Json) =>
      checkProof(
        document,
        async () => ({ multibase: String(publicKeyMultibase), owner }),
        '2026-11-23T10:00:00Z',
      )
    expect(await check(signed)).to.include({ key: publicKeyMultibase, owner })
    for (const altered of alterations(signed)) {
      expect(await reasonOf(() => check(altered)), JSON.stringify(altered).slice(0, 80)).to.match(
        /^proof\./,
      )
    }
  })
})

/** Each member of the document, and of its proof, taken away or altered. */
function alterations(signed: Json): Json[] {
  const proof = signed.proof as Json
  const { proof: _proof, ...document } = signed
  const without = (json: Json, name: string) =>
    Object.fromEntries(Object.entries(json).filter(([each]) => each !== name))
  return [
    ...Object.keys(document).map((name) => ({ ...without(document, name), proof })),
    ...Object.keys(document).map((name) => ({ ...document, [name]: 'another', proof })),
    ...Object.keys(proof).map((name) => ({ ...document, proof: without(proof, name) })),
    ...Object.keys(proof).map((name) => ({ ...document, proof: { ...proof, [name]: 'another' } })),
    { ...document, more: 'words', proof },
    { ...document, proof: { ...proof, more: 'words' } },
    { ...document, proof: [proof] },
  ]
}

async function reasonOf(act: () => Promise<unknown>): Promise<string> {
  try {
    return String(await act())
  } catch (error) {
    if (error instanceof Refusal) return error.sentence
    throw error
  }
}

describe('every example of ActivityStreams', () => {
  let node: TestServer
  let by: Foreigner
  let folder: string
  let names: string[]
  const words = wordsFor('en')

  before(async function () {
    folder = needed(this as unknown as Context, 'activitystreams')
    names = readdirSync(folder).filter((name) => name.endsWith('.json'))
    node = await filledNode('coast')
    by = (await hostileServer()).actor('vera')
  })
  after(async () => {
    await endHostiles()
    await endServers()
  })

  const bytes = (name: string) => readFileSync(join(folder, name))
  const json = (name: string) => JSON.parse(bytes(name).toString()) as Json
  const said = (reason: string) => words.has(`refusal.${reason}`)
  const counted = () => node.site.store.count('items', {})

  /** As an activity of somebody who may speak: what it lacks is filled in, what it has stays. */
  const asActivity = (example: Json): Json => ({
    ...example,
    id: `${by.id}/examples/1`,
    actor: typeof example.actor === 'number' ? example.actor : by.id,
  })
  /** As an answer that would stand on a page. */
  const asAnswer = (example: Json, name: string): Json => ({
    id: `${by.id}/examples/${name}`,
    attributedTo: by.id,
    inReplyTo: `${node.origin}/discussions/what-should-2027-be-about`,
    to: [PUBLIC],
    ...example,
  })
  const outcomeOf = (activity: Json) =>
    reasonOf(() => receive(node.site, activity, { actor: by.id }))

  it('is understood, ignored or refused for a stated reason, at the gate and behind it', async () => {
    expect(names).to.have.length.above(180)
    const at = node.site.now()
    for (const name of names) {
      const answer = await send(by, `${node.origin}/inbox`, '', { at, body: bytes(name) })
      expect(answer.status, name).to.be.oneOf([202, 400, 401, 403])
      if (answer.status !== 202) expect(said(answer.problem), answer.problem).to.equal(true)
      if (answer.problem === 'wire.json') continue
      for (const each of [
        asActivity(json(name)),
        activity(by, 'Create', asAnswer(json(name), name)),
      ]) {
        const outcome = await outcomeOf(each)
        expect(
          ['done', 'ignored'].includes(outcome) || said(outcome),
          `${name}: ${outcome}`,
        ).to.equal(true)
      }
    }
  })

  it('that is wrong never gets in', async () => {
    const wrong = readdirSync(join(folder, 'fail')).map((name) => `fail/${name}`)
    expect(wrong).to.have.length.above(15)
    const before = await counted()
    const at = node.site.now()
    for (const name of wrong) {
      const answer = await send(by, `${node.origin}/inbox`, '', { at, body: bytes(name) })
      expect(answer.status, name).to.equal(400)
      if (name.includes('at-top')) continue
      const text = bytes(name)
      const example = json(name)
      if (Buffer.from(text.toString()).equals(text)) {
        const create = activity(by, 'Create', asAnswer({ ...example, type: typeIn(example) }, name))
        expect(await outcomeOf(create), name).to.not.equal('done')
      }
      expect(await reasonOf(async () => readActivity(example)), name).to.match(/^wire\./)
    }
    expect(await counted()).to.equal(before)
    expect((await ask(new URL(node.origin), 'GET')).status).to.equal(200)
  })
})

/** An `Object` of some kind could be a note. */
const typeIn = ({ type }: Json) => (type === 'Object' || type === undefined ? 'Note' : type)
