/** What goes on after the host has left the page, and after a restart: imports are read, and what was chosen is written. */
import { readdirSync, rmSync, statSync } from 'node:fs'
import { setImmediate as turn } from 'node:timers/promises'
import { itemFrom } from '../../content/import/proposals.ts'
import { isNews } from '../../content/import/telling.ts'
import { ended, type ImportJob, proposalIn, type Proposed } from '../../content/imports.ts'
import { act } from '../../content/moderation.ts'
import type { Person } from '../../content/parties.ts'
import { Refusal } from '../../content/refusal.ts'
import { may } from '../../content/rights.ts'
import type { Site } from '../../federation/site.ts'
import { importItem } from '../importing.ts'
import { takesTwo } from '../second-person.ts'
import { uploadAt, uploadFolder } from '../uploads.ts'
import { type Brought, nothingBrought, tellBrought } from './bulletin.ts'
import { makeMeetings, meetingFor } from './meetings.ts'
import { readOn } from './reading.ts'
import { countRows, findRows } from './rows.ts'

const JOBS_MAX = 20
/** So many share one wait for the disk. */
const AT_ONCE = 16
/** Of the event loop, before more is written: a page that is asked for needs about as many, and nobody who reads waits longer than that for them. */
const TURNS = 4
/** Of those with one title, one is written in each try. */
const TRIES_MAX = AT_ONCE + 2
/** A file that no import names is left over from one that was broken off. */
const LEFT_OVER_MS = 3600_000

/** What waits to be written. */
export const chosen = { state: 'waiting', kind: ['outcome', 'discussion'] }

/** One round: the imports that are under way, each until it is done or this server is told to stop. */
export const importRounds =
  (closing: () => boolean) =>
  async (site: Site): Promise<void> => {
    const where = { state: ['reading', 'writing'] }
    const found = await site.store.find('imports', { where, order: 'oldest', limit: JOBS_MAX })
    for (const job of found) {
      if (closing()) return
      if (job.state === 'reading') await readOn(site, job, closing)
      else await writeOn(site, job, closing)
    }
    if (found.length === 0) await dropLeftOvers(site)
  }

async function dropLeftOvers(site: Site): Promise<void> {
  const folder = uploadFolder(site)
  const before = Date.parse(site.now()) - LEFT_OVER_MS
  const names = statSync(folder, { throwIfNoEntry: false }) ? readdirSync(folder) : []
  for (const name of names) {
    const { mtimeMs = before } = statSync(uploadAt(site, name), { throwIfNoEntry: false }) ?? {}
    const job = mtimeMs < before && (await site.store.get('imports', name))
    if (job === undefined) rmSync(uploadAt(site, name), { force: true })
  }
}

async function writeOn(site: Site, begun: ImportJob, closing: () => boolean): Promise<void> {
  for (;;) {
    const [job, person] = await Promise.all([
      site.store.get('imports', begun.id),
      site.store.get('people', begun.by),
    ])
    if (job?.state === 'ready') return finished(site, job)
    if (job?.state !== 'writing' || closing()) return
    const rows = await nextRows(site, job)
    if (rows.length === 0 || !person) return finished(site, job)
    const drafts = job.drafts || (await mustDraft(site, person))
    const now = await makeMeetings(site, rows, job, person)
    await Promise.all(rows.map((row) => writeRow(site, row, { job: now, person, drafts })))
    for (let count = 0; count < TURNS; count += 1) await turn()
  }
}

/** By one word of the index, so that the last of thousands are found as fast as the first; rows that were read by an older program lack it. */
async function nextRows(site: Site, { id }: ImportJob): Promise<Proposed[]> {
  const query = { where: { todo: id }, order: 'oldest', limit: AT_ONCE } as const
  const rows = await site.store.find('proposed', query)
  return rows.length > 0 ? rows : findRows(site, id, chosen, { limit: AT_ONCE })
}

/** Whoever may not publish alone brings in working copies. */
export const mustDraft = async (site: Site, person: Person): Promise<boolean> =>
  !may(person, 'publish_outcome') || (await takesTwo(site, 'publish_outcome'))

async function finished(site: Site, job: ImportJob): Promise<void> {
  const count = await countRows(site, job.id, { state: 'written' })
  const at = site.now()
  const acts = [act(job.by, 'imported', `${site.origin}/host/import/${job.id}`, at, String(count))]
  const { told, brought } = await untold(site, job)
  const put = { imports: [{ ...job, state: 'ready' as const, told }], acts }
  await tellBrought(site, brought, put)
}

/** What was written since the followers were told of this import, and was not sent to them. */
async function untold(site: Site, job: ImportJob): Promise<{ told: number; brought: Brought }> {
  const quiet = { state: 'written', quiet: 'true' }
  const [told, all, [row]] = await Promise.all([
    countRows(site, job.id, quiet),
    countRows(site, job.id, { ...quiet, kind: 'outcome' }),
    findRows(site, job.id, quiet, { limit: 1 }),
  ])
  const count = told - (job.told ?? 0)
  const outcomes = Math.min(all, count)
  const counts = { ...nothingBrought(), outcomes, discussions: count - outcomes }
  return { told, brought: told === 1 && row?.item ? { ...counts, item: row.item } : counts }
}

interface Writing {
  job: ImportJob
  person: Person
  drafts: boolean
}

/** The item, what has become of its row, where it came from and its old addresses: one commit, so that a crash makes nothing twice. */
async function writeRow(site: Site, row: Proposed, writing: Writing): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await written(site, row, writing)
    } catch (error) {
      if (!(error instanceof Refusal) || error.reason === 'unavailable') throw error
      if (error.reason === 'conflict' && tries < TRIES_MAX) continue
      const [mistake] = error.mistakes
      const { sentence, values = {} } = mistake ?? error
      const why = { sentence, values }
      return site.store.commit({ put: { proposed: [{ ...row, state: 'refused', why }] } })
    }
  }
}

async function written(site: Site, row: Proposed, { job, person, drafts }: Writing) {
  const meeting = await meetingFor(site, row, person)
  const more = { ...(job.open ? {} : { closesAt: site.now() }), ...(meeting ? { meeting } : {}) }
  const { item, mistakes = [], post } = itemFrom(proposalIn(row, !job.withoutComments), more)
  if (!item) throw new Refusal('invalid', 'form', {}, mistakes)
  if (item.type === 'discussion' && !may(person, 'write_discussion'))
    throw new Refusal('forbidden', 'login.forbidden', { role: person.role })
  const quiet = !isNews(item, site.now(), job.many ?? true)
  const isSilent = quiet && !(item.type === 'outcome' && drafts)
  await importItem(site, item, {
    draft: drafts,
    by: person.name,
    ...(post ? { post } : {}),
    quiet,
    beside: ({ result, item: id, added }) => {
      const done = ended(row, result === 'known' ? 'known' : 'written', id, added)
      return { proposed: [isSilent ? { ...done, quiet } : done] }
    },
  })
}
