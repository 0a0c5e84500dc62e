/** Backups while the server runs: one file each, made beside the event loop, daily into the data folder, the oldest dropped. */
import { fork } from 'node:child_process'
import { readdirSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Refusal } from '../content/refusal.ts'
import type { Site } from '../federation/site.ts'
import { databaseIn, settingsOf } from './config.ts'
import type { Told } from './copying.ts'
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

const copying = fileURLToPath(new URL('./copying.ts', import.meta.url))

/**
 * Everything in one new file, whole as it was at one moment, while others go on writing. Copying is done by a process
 * of its own: a large store takes seconds, and nobody waits for them; a thread would leave its memory behind.
 * Refusals as of `store.backup`.
 */
export async function copyEverything(site: Site, to: string): Promise<void> {
  const child = fork(copying, [databaseIn(settingsOf(site).data), to])
  await new Promise<void>((resolve, reject) => {
    child.once('message', ({ reason, sentence, values }: Told) =>
      reject(new Refusal(reason, sentence, values)),
    )
    child.once('error', reject)
    child.once('close', (code) => {
      if (code === 0) resolve()
      else reject(new Error(`The process that copies ended with ${code}.`))
    })
  })
  await noteBackup(site)
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
