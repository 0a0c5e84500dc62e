/** What a host does with an import: choose, write, stop, forget. */
import type { Request } from 'express'
import {
  altered,
  type ImportJob,
  type Kind,
  kinds,
  refuseUnlessReady,
  rowId,
} from '../../../content/imports.ts'
import { areMany } from '../../../content/import/telling.ts'
import { Refusal } from '../../../content/refusal.ts'
import type { Site } from '../../../federation/site.ts'
import { alterRows, countRows, dropRows } from '../../imports/rows.ts'
import { chosen } from '../../imports/work.ts'
import { allowed } from '../../login.ts'
import { dropUpload } from '../../uploads.ts'
import { part, type Show } from '../reading/find.ts'
import { textIn, valuesIn } from '../writing/values.ts'
import { chosenMeeting, whichRows } from './meetings.ts'
import { jobOf, jobPath, PAGE_SIZE } from './shown.ts'

/** What each button does; answers where the browser goes. */
type Does = (site: Site, job: ImportJob, req: Request) => Promise<string>

const kindIn = (text: unknown): Kind => {
  const kind = kinds.find((each) => each === text)
  if (!kind) throw new Refusal('invalid', 'request')
  return kind
}

/** The kinds that stand on one page of the list. */
const chooseKinds: Does = async (site, job, req) => {
  refuseUnlessReady(job)
  const values = valuesIn(req)
  const named = Object.entries(values).filter(([name]) => /^kind\.\d{1,6}$/.test(name))
  if (named.length > PAGE_SIZE) throw new Refusal('invalid', 'request')
  const changed = []
  for (const [name, value] of named) {
    const row = await site.store.get('proposed', rowId(job.id, Number(name.slice(5))))
    const kind = kindIn(value)
    if (row && row.kind !== kind) changed.push(altered(row, { kind }))
  }
  if (changed.length > 0) await site.store.commit({ put: { proposed: changed } })
  return `${jobPath(job)}${backIn(req)}`
}

/** The same page of the same list. */
function backIn(req: Request): string {
  const asked = new URLSearchParams(textIn(valuesIn(req), 'back'))
  const kept = ['kind', 'state', 'page', 'lang'].flatMap((name) => {
    const value = asked.get(name)
    return value ? [[name, value] as [string, string]] : []
  })
  return `?${new URLSearchParams([...kept, ['done', 'import_chosen']])}`
}

const chooseCategory: Does = async (site, job, req) => {
  refuseUnlessReady(job)
  const values = valuesIn(req)
  const kind = kindIn(values.kind)
  const where = { category: textIn(values, 'category'), state: 'waiting' }
  await alterRows(site, job.id, where, (row) =>
    row.kind === kind ? undefined : altered(row, { kind }),
  )
  return `${jobPath(job)}?done=import_chosen`
}

const chooseMeeting: Does = async (site, job, req) => {
  refuseUnlessReady(job)
  const values = valuesIn(req)
  const meeting = await chosenMeeting(site, textIn(values, 'meeting'))
  await alterRows(site, job.id, whichRows(textIn(values, 'which')), (row) =>
    (row.meeting ?? '') === meeting ? undefined : altered(row, { meeting }),
  )
  return `${jobPath(job)}?done=import_chosen`
}

const write: Does = async (site, job, req) => {
  refuseUnlessReady(job)
  const values = valuesIn(req)
  const drafts = textIn(values, 'how') === 'draft'
  const open = textIn(values, 'open') === 'yes'
  const withoutComments = textIn(values, 'comments') !== 'yes'
  const many = areMany(await countRows(site, job.id, chosen))
  await site.store.commit({
    put: { imports: [{ ...job, state: 'writing', drafts, open, many, withoutComments }] },
  })
  site.wake('import')
  return jobPath(job)
}

/** What is written stays; the rest waits as it did. What is being read is not read any further. */
const stop: Does = async (site, job) => {
  if (job.state === 'writing')
    await site.store.commit({ put: { imports: [{ ...job, state: 'ready' }] } })
  if (job.state === 'reading') {
    const why = { sentence: 'coming.stopped', values: {} }
    await site.store.commit({ put: { imports: [{ ...job, state: 'failed', read: 0, why }] } })
    await dropRows(site, job.id)
    dropUpload(site, job.id)
  }
  return jobPath(job)
}

const forget: Does = async (site, job) => {
  if (job.state === 'reading' || job.state === 'writing')
    throw new Refusal('conflict', 'coming.not_now')
  await dropRows(site, job.id)
  await site.store.commit({ drop: { imports: [job.id] } })
  return '/host/import?done=import_forgotten'
}

const does: Record<string, Does> = {
  kinds: chooseKinds,
  category: chooseCategory,
  meeting: chooseMeeting,
  write,
  stop,
  forget,
}

export const changeImport: Show = async ({ site }, req, res) => {
  const person = allowed(res, 'write_outcome')
  const job = await jobOf(site, part(req, 'job'))
  const name = String((req.body as Record<string, unknown>).do ?? '')
  const act = Object.hasOwn(does, name) ? does[name] : undefined
  if (!act) throw new Refusal('invalid', 'request')
  res.redirect(303, await act(site, name === 'write' ? { ...job, by: person.id } : job, req))
}
