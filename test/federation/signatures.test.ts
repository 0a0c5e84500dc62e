/** HTTP signatures: the examples of both specifications, and an independent library that judges ours and is judged by us. */
import { createHash, createPublicKey, generateKeyPairSync, verify } from 'node:crypto'
import { expect } from 'chai'
import {
  cavage,
  createSigner,
  createVerifier,
  httpbis,
  type Algorithm,
  type Request,
  type SignConfig,
} from 'http-message-signatures'
import { Refusal } from '../../content/refusal.ts'
import { readCavage, readRfc9421 } from '../../federation/signature-headers.ts'
import {
  type Incoming,
  type Scheme,
  signRequest,
  verifyRequest,
} from '../../federation/signatures.ts'

type Headers = Record<string, string>

const publicKey = (body: string) =>
  createPublicKey(`-----BEGIN PUBLIC KEY-----\n${body}\n-----END PUBLIC KEY-----`)

/** RFC 9421, appendix B.1.4. */
const ed25519 = publicKey('MCowBQYDK2VwAyEAJrQLj5P/89iXES9+vFgrIy29clF9CC/oPPsw3c5D0bs=')

/** draft-cavage-http-signatures-12, appendix C. */
const cavageKey = publicKey(`MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDCFENGw33yGihy92pDjZQhl0C3
6rPJj+CvfSC8+q28hxA161QFNUd13wuCTUcq0Qd2qsBe/2hFyc2DCJJg0h1L78+6
Z4UMR7EOcpfdUE9Hf3m/hs+FUR45uBJeDK1HSFHD8bHKD6kv8FPGfJTotc+2xjJw
oYi+1hqp1fIekaxsyQIDAQAB`)

const incoming = (url: string, headers: Headers, body: string, method = 'POST'): Incoming => ({
  method,
  url,
  rawHeaders: Object.entries(headers).flat(),
  body: Buffer.from(body),
})

const owner = 'https://example.com/actor'

async function reason(request: Incoming, key = ed25519, at = '2021-04-20T02:07:56.000Z') {
  try {
    return (await verifyRequest(request, async () => ({ public: key, owner }), at)).scheme
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    const { name } = error.values
    return name === undefined ? error.sentence : `${error.sentence} ${name}`
  }
}

/** RFC 9421, appendix B.2: test-request. */
const request = (label: string, params: string, signature: string): Incoming =>
  incoming(
    'https://example.com/foo?param=Value&Pet=dog',
    {
      Host: 'example.com',
      Date: 'Tue, 20 Apr 2021 02:07:55 GMT',
      'Content-Type': 'application/json',
      'Content-Digest':
        'sha-512=:WZDPaVn/7XgHaAy8pmojAkGWoRx2UFChF41A2svX+TaPm+AbwAgBWnrIiYllu7BNNyealdVLvRwEmTHWXvJwew==:',
      'Content-Length': '18',
      'Signature-Input': `${label}=${params}`,
      Signature: `${label}=:${signature}:`,
    },
    '{"hello": "world"}',
  )
const some =
  'wqcAqbmYJ2ji2glfAMaRy4gruYYnx2nEFN2HN6jrnDnQCK1u02Gb04v9EDgwUPiu4A0w6vuQv5lIp5WPpBKRCw=='

describe('the examples of RFC 9421, appendix B.2', () => {
  const params =
    '("date" "@method" "@path" "@authority" "content-type" "content-length");created=1618884473;keyid="test-key-ed25519"'
  const b26 = request('sig-b26', params, some)

  it('B.2.6 has the signature base that the RFC prints, and its signature is right', () => {
    const headers = new Map(
      Array.from({ length: b26.rawHeaders.length / 2 }, (_, i) => [
        String(b26.rawHeaders[i * 2]).toLowerCase(),
        String(b26.rawHeaders[i * 2 + 1]),
      ]),
    )
    const { base, signature, keyId } = readRfc9421(b26, headers)
    expect(base.split('\n')).to.deep.equal([
      '"date": Tue, 20 Apr 2021 02:07:55 GMT',
      '"@method": POST',
      '"@path": /foo',
      '"@authority": example.com',
      '"content-type": application/json',
      '"content-length": 18',
      `"@signature-params": ${params}`,
    ])
    expect(keyId).to.equal('test-key-ed25519')
    expect(verify(null, Buffer.from(base), ed25519, signature)).to.equal(true)
  })

  /** Why our gate refuses them on purpose: a delivery must sign its method, its target and its body. */
  const refused: [string, Incoming, string][] = [
    ['B.2.6, whose body is not signed', b26, 'signature.uncovered content-digest'],
    [
      'B.2.1, which signs nothing but its own parameters',
      request(
        'sig-b21',
        '();created=1618884473;keyid="test-key-rsa-pss";nonce="b3k2pp5k7z-50gnwp.yemd"',
        some,
      ),
      'signature.uncovered @method',
    ],
    [
      'B.2.2, which signs a part of the query by parameter',
      request(
        'sig-b22',
        '("@authority" "content-digest" "@query-param";name="Pet");created=1618884473;keyid="test-key-rsa-pss";tag="header-example"',
        some,
      ),
      'signature.malformed',
    ],
    [
      'B.2.3, which is signed with RSA-PSS',
      request(
        'sig-b23',
        '("date" "@method" "@path" "@query" "@authority" "content-type" "content-digest" "content-length");created=1618884473;keyid="test-key-rsa-pss"',
        some,
      ),
      'signature.wrong',
    ],
    [
      'B.2.5, which is signed with a shared secret and leaves out the method',
      request(
        'sig-b25',
        '("date" "@authority" "content-type");created=1618884473;keyid="test-shared-secret"',
        'pxcQw6G3AjtMBQjwo8XzkZf/bws5LelbaMk5rGIGtE8=',
      ),
      'signature.uncovered @method',
    ],
    [
      'B.2.4, which signs a response',
      request(
        'sig-b24',
        '("@status" "content-type" "content-digest" "content-length");created=1618884473;keyid="test-key-ecc-p256"',
        some,
      ),
      'signature.uncovered @method',
    ],
  ]
  for (const [name, example, why] of refused) {
    it(`${name}, is refused: ${why}`, async () => {
      expect(await reason(example)).to.equal(why)
    })
  }
})

describe('the examples of draft-cavage-12, appendix C', () => {
  const body = '{"hello": "world"}'
  const at = '2014-01-05T21:31:41.000Z'
  const all: Headers = {
    Host: 'example.com',
    Date: 'Sun, 05 Jan 2014 21:31:40 GMT',
    'Content-Type': 'application/json',
    Digest: 'SHA-256=X48E9qOokqqrvdts8nOJRJN3OWDUoyWxBf7kbu9DBPE=',
    'Content-Length': '18',
  }
  const example = (headers: string, signature: string) => {
    const list = headers ? `,headers="${headers}"` : ''
    const Signature = `keyId="Test",algorithm="rsa-sha256"${list},signature="${signature}"`
    return incoming('https://example.com/foo?param=value&pet=dog', { ...all, Signature }, body)
  }
  const basic =
    'qdx+H7PHHDZgy4y/Ahn9Tny9V3GP6YgBPyUXMmoxWtLbHpUnXS2mg2+SbrQDMCJypxBLSPQR2aAjn7ndmw2iicw3HMbe8VfEdKFYRqzic+efkb3nndiv/x1xSHDJWeSWkx3ButlYSuBskLu6kd9Fswtemr3lgdDEmn04swr2Os0='
  const whole =
    'vSdrb+dS3EceC9bcwHSo4MlyKS59iFIrhgYkz8+oVLEEzmYZZvRs8rgOp+63LEM3v+MFHB32NfpB2bEKBIvB1q52LaEUHFv120V01IL+TAD48XaERZFukWgHoBTLMhYS2Gb51gWxpeIq8knRmPnYePbF5MOkR0Zkly4zKH7s1dE='
  const names = '(request-target) host date content-type digest content-length'

  it('C.3, all headers, is verified', async () => {
    expect(await reason(example(names, whole), cavageKey, at)).to.equal('cavage')
  })
  it('C.2, basic, has a right signature, and is refused as a delivery: its body is not signed', async () => {
    const request = example('(request-target) host date', basic)
    expect(await reason(request, cavageKey, at)).to.equal('signature.uncovered digest')
    const get = { ...request, method: 'POST', body: Buffer.from('') }
    const headers = new Map(Object.entries({ ...all, signature: '' }).map(lower))
    headers.set('signature', String(request.rawHeaders.at(-1)))
    const { base, signature } = readCavage(get, headers)
    expect(verify('sha256', Buffer.from(base), cavageKey, signature)).to.equal(true)
  })
  it('C.1, default, which signs its date alone, is refused', async () => {
    const signature =
      'SjWJWbWN7i0wzBvtPl8rbASWz5xQW6mcJmn+ibttBqtifLN7Sazz6m79cNfwwb8DMJ5cou1s7uEGKKCs+FLEEaDV5lp7q25WqS+lavg7T8hc0GppauB6hbgEKTwblDHYGEtbGmtdHgVCk9SuS13F0hZ8FD0k/5OxEPXe5WozsbM='
    expect(await reason(example('', signature), cavageKey, at)).to.equal(
      'signature.uncovered (request-target)',
    )
  })
  it('C.3 with one byte altered is refused', async () => {
    const request = example(names, whole)
    expect(
      await reason({ ...request, body: Buffer.from('{"hello": "World"}') }, cavageKey, at),
    ).to.equal('signature.digest')
    expect(await reason({ ...request, url: 'https://example.com/foo' }, cavageKey, at)).to.equal(
      'signature.wrong',
    )
    expect(await reason(request, cavageKey, '2014-01-05T22:32:00.000Z')).to.equal('signature.time')
  })
})

const lower = ([name, value]: [string, string]): [string, string] => [name.toLowerCase(), value]

describe('an independent library (http-message-signatures)', () => {
  const at = new Date().toISOString()
  const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const key = { id: `${owner}#main-key`, kind: 'rsa' as const, private: rsa.privateKey }
  const url = 'https://other.example/inbox?a=b'
  const body = '{"type":"Create","content":"Ünï"}'
  const judges = { cavage, rfc9421: httpbis }
  const signs = {
    cavage: (config: SignConfig, request: Request) => cavage.signMessage(config, request),
    rfc9421: (config: SignConfig, request: Request) => httpbis.signMessage(config, request),
  }
  const names: Record<Scheme, Algorithm> = { cavage: 'rsa-v1_5-sha256', rfc9421: 'rsa-v1_5-sha256' }

  for (const scheme of ['cavage', 'rfc9421'] as const) {
    it(`verifies what we sign (${scheme}), with a body and without one, and nothing altered`, async () => {
      for (const method of ['POST', 'GET'] as const) {
        const outgoing = { method, url, headers: { 'content-type': 'application/activity+json' } }
        const headers = await signRequest(
          method === 'POST' ? { ...outgoing, body } : outgoing,
          key,
          scheme,
          at,
        )
        const verifier = createVerifier(rsa.publicKey, names[scheme])
        const config = {
          keyLookup: async ({ keyid }: { keyid?: string | undefined }) =>
            keyid === key.id ? { id: key.id, verify: verifier } : null,
          tolerance: 60,
        }
        const judge = judges[scheme]
        expect(await judge.verifyMessage(config, { method, url, headers })).to.equal(true)
        const elsewhere = { method, url: `${url}&c`, headers }
        expect(await judge.verifyMessage(config, elsewhere)).not.to.equal(true)
      }
    })

    it(`signs what we verify (${scheme}), with RSA and with Ed25519`, async () => {
      for (const kind of ['rsa-v1_5-sha256', 'ed25519'] as const) {
        const pair = kind === 'ed25519' ? generateKeyPairSync('ed25519') : rsa
        const digest = createHash('sha256').update(body).digest('base64')
        const headers: Headers = {
          host: 'other.example',
          date: new Date(at).toUTCString(),
          'content-type': 'application/activity+json',
          digest: `SHA-256=${digest}`,
          'content-digest': `sha-256=:${digest}:`,
        }
        const fields = {
          cavage: ['@request-target', 'host', 'date', 'digest'],
          rfc9421: ['@method', '@target-uri', 'content-digest'],
        }
        const config = {
          key: createSigner(pair.privateKey, kind, key.id),
          fields: fields[scheme],
          params: scheme === 'cavage' ? ['keyid', 'alg'] : ['created', 'keyid', 'alg'],
          paramValues: { created: new Date(at) },
        }
        const signed = await signs[scheme](config, { method: 'POST', url, headers })
        const plain = Object.fromEntries(
          Object.entries(signed.headers).map(([name, value]) => [name, String(value)]),
        )
        if (scheme === 'cavage') plain.Signature = String(plain.Signature).replace('v1_5-', '')
        const request = incoming(url, plain, body)
        expect(await reason(request, pair.publicKey, at), kind).to.equal(scheme)
        const altered = incoming(url, plain, `${body} `)
        expect(await reason(altered, pair.publicKey, at), kind).to.equal('signature.digest')
      }
    })
  }
})
