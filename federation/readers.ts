/** Whoever reads our log, signed, is there again: what waits for them need not wait longer. */
import type { Request } from 'express'
import { Refusal } from '../content/refusal.ts'
import { originOf } from './addresses.ts'
import { findKey } from './discovery.ts'
import { originAsked } from './former.ts'
import { heardFrom } from './peers.ts'
import { verifyRequest } from './signatures.ts'
import type { Site } from './site.ts'

const nothing = Buffer.alloc(0)

/** The signature is looked at only where it matters: when something waits for the server that it names. */
export async function heardReading(site: Site, req: Request): Promise<void> {
  const named = /keyid="([^"]{1,2000})"/i.exec(
    String(req.headers['signature-input'] ?? req.headers.signature ?? ''),
  )?.[1]
  const origin = named && URL.canParse(named) ? originOf(named) : undefined
  const cursor = origin ? await site.store.get('cursors', origin) : undefined
  if (!origin || !cursor || cursor.failures === 0) return
  const { method, originalUrl, rawHeaders } = req
  const url = originAsked(site, req.headers.host) + originalUrl
  const request = { method, url, rawHeaders, body: nothing }
  try {
    const { owner } = await verifyRequest(
      request,
      (id, fresh) => findKey(site, id, fresh),
      site.now(),
    )
    if (originOf(owner) === origin) await heardFrom(site, origin)
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
  }
}
