/** Reading the headers of a signed request strictly: one signature, known algorithms, the parts that must be covered. */
import { Refusal } from '../content/refusal.ts'
import type { Incoming, Scheme } from './signatures.ts'

export interface Signed {
  scheme: Scheme
  keyId: string
  signature: Buffer
  /** The text that was signed. */
  base: string
  covers: Set<string>
  /** The kinds of key that the named algorithm allows. */
  algorithms: ('rsa' | 'ed25519')[]
  createdMs?: number | undefined
  expiresMs?: number | undefined
}

const FIELDS_MAX = 30
const HEADER_LETTERS_MAX = 8000

/** What each algorithm name may be verified with. hs2019 and no name leave it to the key. */
const algorithms: Record<string, Signed['algorithms']> = {
  'rsa-sha256': ['rsa'],
  'rsa-v1_5-sha256': ['rsa'],
  ed25519: ['ed25519'],
  hs2019: ['rsa', 'ed25519'],
  '': ['rsa', 'ed25519'],
}

const refuse = (why: string, values = {}): never => {
  throw new Refusal('unauthorized', `signature.${why}`, values)
}

function known(algorithm: string | undefined): Signed['algorithms'] {
  return algorithms[(algorithm ?? '').toLowerCase()] ?? refuse('algorithm')
}

function mustCover(covers: Set<string>, names: string[]): void {
  for (const name of names) if (!covers.has(name)) refuse('uncovered', { name })
}

/** draft-cavage-http-signatures-12, section 2.1: `keyId="…",headers="…",signature="…"`, each once. */
export function readCavage(request: Incoming, headers: Map<string, string>): Signed {
  const header = headers.get('signature') ?? refuse('missing')
  const params = cavageParams(header)
  const keyId = params.get('keyid') ?? refuse('malformed')
  const names = (params.get('headers') ?? 'date').toLowerCase().split(' ').filter(Boolean)
  if (names.length > FIELDS_MAX || new Set(names).size !== names.length) refuse('malformed')
  const covers = new Set(names)
  mustCover(covers, ['(request-target)', 'host'])
  if (!covers.has('date') && !covers.has('(created)')) refuse('uncovered', { name: 'date' })
  const lines = names.map((name) => `${name}: ${cavageValue(name, request, headers, params)}`)
  const created = covers.has('(created)')
    ? Number(params.get('created')) * 1000
    : Date.parse(headers.get('date') ?? '')
  return {
    scheme: 'cavage',
    keyId,
    signature: Buffer.from(params.get('signature') ?? '', 'base64'),
    base: lines.join('\n'),
    covers,
    algorithms: known(params.get('algorithm')),
    createdMs: created,
    expiresMs: params.has('expires') ? Number(params.get('expires')) * 1000 : undefined,
  }
}

function cavageParams(header: string): Map<string, string> {
  if (header.length > HEADER_LETTERS_MAX) refuse('malformed')
  const params = new Map<string, string>()
  const pattern = /\s*([a-zA-Z]+)=(?:"([^"\\]*)"|(\d+))\s*(?:,|$)/y
  while (pattern.lastIndex < header.length) {
    const [, name = '', quoted, number] = pattern.exec(header) ?? refuse('malformed')
    if (params.has(name.toLowerCase())) refuse('repeated', { name })
    params.set(name.toLowerCase(), quoted ?? number ?? '')
  }
  return params
}

function cavageValue(
  name: string,
  { method, url }: Incoming,
  headers: Map<string, string>,
  params: Map<string, string>,
): string {
  const { pathname, search } = new URL(url)
  if (name === '(request-target)') return `${method.toLowerCase()} ${pathname}${search}`
  if (name === '(created)' || name === '(expires)')
    return params.get(name.slice(1, -1)) ?? refuse('malformed')
  if (name === 'host' && headers.get('host') !== new URL(url).host) refuse('uncovered', { name })
  return headers.get(name) ?? refuse('uncovered', { name })
}

/** RFC 9421, sections 2 and 3: exactly one label, whose raw parameters end the signature base. */
export function readRfc9421(request: Incoming, headers: Map<string, string>): Signed {
  const input = headers.get('signature-input') ?? ''
  if (input.length > HEADER_LETTERS_MAX) refuse('malformed')
  const [, label = '', list = '', rest = ''] =
    /^([a-z*][a-z0-9_.*-]*)=\(((?:"[^"\\]+"(?: |(?=\))))*)\)((?:;[a-z]+=(?:"[^"\\]*"|\d+))*)$/.exec(
      input,
    ) ?? refuse('malformed')
  const names = [...list.matchAll(/"([^"]+)"/g)].map(([, name]) => String(name))
  if (names.length > FIELDS_MAX || new Set(names).size !== names.length) refuse('malformed')
  const covers = new Set(names)
  mustCover(covers, ['@method'])
  if (!covers.has('@target-uri') && !(covers.has('@authority') && covers.has('@path'))) {
    refuse('uncovered', { name: '@target-uri' })
  }
  const params = rfcParams(rest)
  const lines = names.map((name) => `"${name}": ${rfcValue(name, request, headers)}`)
  return {
    scheme: 'rfc9421',
    keyId: params.get('keyid') ?? refuse('malformed'),
    signature: labelled(headers.get('signature') ?? '', label),
    base: [...lines, `"@signature-params": (${list})${rest}`].join('\n'),
    covers,
    algorithms: known(params.get('alg')),
    createdMs: params.has('created') ? Number(params.get('created')) * 1000 : undefined,
    expiresMs: params.has('expires') ? Number(params.get('expires')) * 1000 : undefined,
  }
}

function rfcParams(text: string): Map<string, string> {
  const params = new Map<string, string>()
  for (const [, name = '', quoted, number] of text.matchAll(/;([a-z]+)=(?:"([^"]*)"|(\d+))/g)) {
    if (params.has(name)) refuse('repeated', { name })
    params.set(name, quoted ?? number ?? '')
  }
  return params
}

/** The components of a request that can be signed here (section 2.2); others are refused, not guessed. */
const derived: Record<string, (request: Incoming, url: URL) => string> = {
  '@method': ({ method }) => method.toUpperCase(),
  '@target-uri': ({ url }) => url,
  '@authority': (_request, url) => url.host,
  '@scheme': (_request, url) => url.protocol.slice(0, -1),
  '@path': (_request, url) => url.pathname,
  '@query': (_request, url) => url.search || '?',
  '@request-target': (_request, url) => `${url.pathname}${url.search}`,
}

function rfcValue(name: string, request: Incoming, headers: Map<string, string>): string {
  if (name.startsWith('@')) {
    const component = derived[name] ?? refuse('uncovered', { name })
    return component(request, new URL(request.url))
  }
  return headers.get(name) ?? refuse('uncovered', { name })
}

function labelled(header: string, label: string): Buffer {
  const [, name, value = ''] =
    /^([a-z*][a-z0-9_.*-]*)=:([A-Za-z0-9+/=]*):$/.exec(header) ?? refuse('malformed')
  if (name !== label) refuse('malformed')
  return Buffer.from(value, 'base64')
}
