/** How anybody checks a signed object without us: one command, and a script short enough to be read. */
import { type Html, html } from '../../html.ts'
import type { Words } from '../../words.ts'

/** Checks an eddsa-jcs-2022 proof (W3C vc-di-eddsa) with nothing but Node. */
export const script = `import { createHash, createPublicKey, verify } from 'node:crypto'
import { readFileSync } from 'node:fs'
const type = { headers: { accept: 'application/activity+json' } }
const sorted = (v) => Array.isArray(v) ? v.map(sorted) : v && typeof v === 'object'
  ? Object.fromEntries(Object.keys(v).sort().map((k) => [k, sorted(v[k])])) : v
const hash = (v) => createHash('sha256').update(JSON.stringify(sorted(v))).digest()
const letters = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz'
const base58 = (text) => {
  let n = 0n
  for (const letter of text.slice(1)) n = n * 58n + BigInt(letters.indexOf(letter))
  const hex = n.toString(16)
  return Buffer.from(hex.length % 2 ? '0' + hex : hex, 'hex')
}
const { proof, ...object } = JSON.parse(readFileSync('object.json', 'utf8'))
const { proofValue, ...options } = proof
const actor = await (await fetch(options.verificationMethod.split('#')[0], type)).json()
const { publicKeyMultibase } = actor.assertionMethod.find(({ id }) => id === options.verificationMethod)
const der = Buffer.concat([Buffer.from('302a300506032b6570032100', 'hex'), base58(publicKeyMultibase).subarray(2)])
const key = createPublicKey({ key: der, format: 'der', type: 'spki' })
const signature = Buffer.concat([Buffer.alloc(64), base58(proofValue)]).subarray(-64)
console.log(hash(object).toString('hex'), actor.id)
console.log(verify(null, Buffer.concat([hash(options), hash(object)]), key, signature) ? 'verified' : 'NOT verified')
`

/** Three steps for somebody at a terminal. `object` is the address of the signed object at its origin. */
export const checkSteps = (words: Words, object: string): Html =>
  html`<ol><li>${words('check.fetch')}<pre dir="ltr">curl -sH 'Accept: application/activity+json' ${object} > object.json</pre></li>
<li>${words('check.script')}<details><summary>check.mjs</summary><pre dir="ltr">${script}</pre></details></li>
<li>${words('check.run')}<pre dir="ltr">node check.mjs</pre></li></ol>`
