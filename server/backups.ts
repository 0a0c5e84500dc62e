/** Backups while the server runs: one file each, made beside the event loop, daily into the data folder, the oldest dropped. */
import { readdirSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads'
import { Refusal } from '../content/refusal.ts'
import { SqliteStore } from '../content/store/sqlite.ts'
import type { Site } from '../federation/site.ts'
import { databaseIn, settingsOf } from './config.ts'
import { makeFolder } from './folder.ts'
import type { Work } from './jobs.ts'

const EVERY_MS = 24 * 3600_000
const HOUR_MS = 3600_000
/** How often it is looked whether a backup is due; what failed is tried again then. */
const LOOK_MS = 10 * 60_000
const NOTE = 'backup'

/** Where the daily backups lie. */
export const backupFolder = (data: string): string => join(data, 'backups')

/** When everything was last copied, by the schedule, a page or the terminal. */
export const lastBackup = async ({ store }: Site): Promise<string | undefined> =>
  (await store.get('notes', NOTE))?.value

/** Whole hours between then and now. */
export const hoursSince = ({ now }: Site, at: string): number =>
  Math.max(0, Math.floor((Date.parse(now()) - Date.parse(at)) / HOUR_MS))

/** Remember that everything was copied just now. */
export async function noteBackup(site: Site): Promise<void> {
  const held = await site.store.get('notes', NOTE)
  await site.store.commit({ put: { notes: [{ ...held, id: NOTE, value: site.now() }] } })
}

interface Copying {
  from: string
  to: string
}

/**
 * Everything in one new file, whole as it was at one moment, while others go on writing. Copying is done by a
 * thread of its own: a large store takes seconds, and nobody waits for them. Refusals as of `store.backup`.
 */
export async function copyEverything(site: Site, to: string): Promise<void> {
  const from = databaseIn(settingsOf(site).data)
  const copying: Copying = { from, to }
  const worker = new Worker(new URL(import.meta.url), { workerData: { copying } })
  await new Promise<void>((resolve, reject) => {
    worker.once('message', ({ reason, sentence, values }: Refusal) =>
      reject(new Refusal(reason, sentence, values)),
    )
    worker.once('error', reject)
    worker.once('exit', () => resolve())
  })
  await noteBackup(site)
}

/** The thread: the same file runs in it. */
if (!isMainThread && Reflect.has(Object(workerData), 'copying')) {
  const { from, to } = (workerData as { copying: Copying }).copying
  await copied(from, to).catch((error: unknown) => {
    if (!(error instanceof Refusal)) throw error
    const { reason, sentence, values } = error
    parentPort?.postMessage({ reason, sentence, values })
  })
}

async function copied(from: string, to: string): Promise<void> {
  const store = new SqliteStore(from)
  await store.backup(to).finally(() => store.close())
}

/** The daily backups that are there, newest first, by name and size. */
export function backupsIn(data: string): { name: string; bytes: number }[] {
  const folder = backupFolder(data)
  const found = statSync(folder, { throwIfNoEntry: false }) ? readdirSync(folder) : []
  return found
    .filter((name) => /^tributary-[\dTZ-]+\.sqlite$/.test(name))
    .sort()
    .reverse()
    .map((name) => ({ name, bytes: statSync(join(folder, name)).size }))
}

/** `tributary-2026-11-24T10-00-00Z.sqlite`: names in the order of time. */
export const backupName = (at: string): string =>
  `tributary-${at.slice(0, 19).replaceAll(':', '-')}Z.sqlite`

/** Make the daily backup when a day has passed since the last, and drop those beyond what is kept. */
export async function backUpIfDue(site: Site): Promise<boolean> {
  const { data, backups: kept = 0 } = settingsOf(site)
  const last = backupsIn(data)[0]?.name
  const at = site.now()
  const dueAfter = backupName(new Date(Date.parse(at) - EVERY_MS).toISOString())
  if (kept === 0 || (last !== undefined && last > dueAfter)) return false
  const folder = backupFolder(data)
  makeFolder(folder)
  await copyEverything(site, join(folder, backupName(at)))
  for (const { name } of backupsIn(data).slice(kept)) rmSync(join(folder, name))
  return true
}

export const backups: Work = { run: backUpIfDue, everyMs: LOOK_MS }
