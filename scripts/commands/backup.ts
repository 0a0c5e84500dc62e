/** tributary backup <file>, tributary restore <file>: everything in one file, made while the server runs. */
import { chmodSync, copyFileSync, existsSync, renameSync, rmSync, statSync } from 'node:fs'
import { resolve } from 'node:path'
import { Refusal } from '../../content/refusal.ts'
import { checkFile, isInUse } from '../../content/store/sqlite-file.ts'
import { SqliteStore } from '../../content/store/sqlite.ts'
import { backupName, noteBackup } from '../../server/backups.ts'
import { databaseIn, readConfig } from '../../server/config.ts'
import { makeFolder } from '../../server/folder.ts'
import { say, words } from '../terminal.ts'
import { needed, type Run } from './command.ts'
import { withSite } from './with-site.ts'

export const backup: Run = async (args) => {
  const file = resolve(needed(args, 0, 'file'))
  await withSite(async (site) => {
    await site.store.backup(file)
    await noteBackup(site)
  })
  say(words('terminal.backup.done', { file, bytes: statSync(file).size }))
}

/**
 * The copy is checked whole before it takes its place. A server that is there is refused; with --replace it is kept
 * beside the restored one, unless it runs.
 */
export const restore: Run = async (args, { replace }) => {
  const file = resolve(needed(args, 0, 'file'))
  if (!statSync(file, { throwIfNoEntry: false })?.isFile())
    throw new Refusal('missing', 'terminal.no_file', { path: file })
  const { data } = readConfig()
  const target = databaseIn(data)
  const there = rests.map((rest) => `${target}${rest}`).find((path) => existsSync(path))
  if (there && !replace) throw new Refusal('conflict', 'terminal.restore_over', { path: there })
  if (isInUse(target)) throw new Refusal('conflict', 'terminal.restore_running', { path: target })
  makeFolder(data)
  const coming = `${target}.restoring`
  const count = await checkedCopy(file, coming)
  if (there) say(words('terminal.restore.kept', { path: keptBeside(target) }))
  renameSync(coming, target)
  say(words('terminal.restore.done', { path: target, count }))
}

/** What SQLite keeps beside a database: a log left behind by another one would be read into the new one. */
const rests = ['', '-wal', '-shm', '-journal']

/** Copied and checked; answers the size of its log. Of a copy that is not good nothing stays. */
async function checkedCopy(file: string, coming: string): Promise<number> {
  try {
    copy(file, coming)
    checkFile(coming)
    const store = new SqliteStore(coming)
    return (await store.head().finally(() => store.close())).size
  } catch (error) {
    rmSync(coming, { force: true })
    if (error instanceof Refusal)
      throw new Refusal(error.reason, error.sentence, { ...error.values, path: file })
    throw error
  } finally {
    for (const rest of rests.slice(1)) rmSync(`${coming}${rest}`, { force: true })
  }
}

/** What was there, under a name that says when it was replaced; all that SQLite keeps beside it goes with it. */
function keptBeside(target: string): string {
  const kept = `${target}.replaced-${backupName(new Date().toISOString()).slice(10, -7)}`
  for (const rest of rests) {
    if (existsSync(`${target}${rest}`)) renameSync(`${target}${rest}`, `${kept}${rest}`)
  }
  return kept
}

function copy(file: string, to: string): void {
  try {
    copyFileSync(file, to)
    chmodSync(to, 0o600)
  } catch (error) {
    const isFull = Reflect.get(Object(error), 'code') === 'ENOSPC'
    throw new Refusal('unavailable', isFull ? 'store.full' : 'terminal.no_copy')
  }
}
