/** The first half of an import: what a file or address holds becomes rows to look at. Nothing of it is public. */
import { createReadStream, statSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { setImmediate as turn } from 'node:timers/promises'
import { decoded, decodedText } from '../../content/import/encodings.ts'
import { postsIn } from '../../content/import/feeds.ts'
import type { Found } from '../../content/import/posts.ts'
import { proposalOf } from '../../content/import/proposals.ts'
import { postFromText } from '../../content/import/sites.ts'
import { type ImportJob, type Proposed, rowOf, ROWS_MAX } from '../../content/imports.ts'
import { Refusal } from '../../content/refusal.ts'
import type { Site } from '../../federation/site.ts'
import { dropUpload, uploadAt } from '../uploads.ts'
import { foundAt } from './addresses.ts'
import { dropRows } from './rows.ts'

const AT_ONCE = 50
const TEXT_BYTES_MAX = 2 * 1024 * 1024

/** Read on from where it was. What cannot be read leaves the reason, and no rows. */
export async function readOn(site: Site, job: ImportJob, closing: () => boolean): Promise<void> {
  try {
    await rowsFrom(site, job, closing)
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    if (closing()) return
    await dropRows(site, job.id)
    dropUpload(site, job.id)
    const { sentence, values } = error
    await failed(site, job.id, { sentence, values })
  }
}

async function rowsFrom(site: Site, begun: ImportJob, closing: () => boolean): Promise<void> {
  let job = begun
  let number = 0
  let rows: Proposed[] = []
  const keep = async (changes: Partial<ImportJob> = {}) => {
    job = { ...job, read: number, ...changes }
    await site.store.commit({ put: { imports: [job], proposed: rows } })
    job = (await site.store.get('imports', job.id)) ?? job
    rows = []
  }
  for await (const found of foundIn(site, job)) {
    number += 1
    if (number <= begun.read) continue
    if (number > ROWS_MAX) throw new Refusal('too_large', 'coming.too_many', { most: ROWS_MAX })
    rows.push(rowOf(job, number, await proposalOf(found)))
    await turn()
    if (rows.length >= AT_ONCE) await keep()
    if (closing()) return
  }
  if (number === 0) throw new Refusal('invalid', 'coming.nothing_found')
  await keep({ state: 'ready' })
  dropUpload(site, job.id)
}

/** Stopped by the host meanwhile, it stays as it is. */
async function failed({ store }: Site, id: string, why: ImportJob['why']): Promise<void> {
  const job = await store.get('imports', id)
  if (job?.state !== 'reading') return
  await store.commit({ put: { imports: [{ ...job, state: 'failed', read: 0, why }] } })
}

async function* foundIn(site: Site, job: ImportJob): AsyncGenerator<Found> {
  if (job.from === 'address') return yield* foundAt(site, job.name)
  const file = uploadAt(site, job.id)
  const { size } = statSync(file, { throwIfNoEntry: false }) ?? {}
  if (size === undefined) throw new Refusal('missing', 'coming.no_file')
  if (!/\.(md|markdown|txt|html?)$/i.test(job.name))
    return yield* postsIn(decoded(createReadStream(file)), { comments: true })
  if (size > TEXT_BYTES_MAX) throw new Refusal('too_large', 'import.too_large')
  const text = decodedText(await readFile(file))
  if (/^\s*<(\?xml|rss|feed|rdf)/i.test(text)) yield* postsIn(one(text), { comments: true })
  else yield { post: postFromText(text) }
}

async function* one(text: string): AsyncGenerator<string> {
  yield text
}
