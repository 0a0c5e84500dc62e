/** tributary backup <file>, tributary restore <file>: everything in one file, made while the server runs. */
import { chmodSync, copyFileSync, existsSync, renameSync, rmSync, statSync } from 'node:fs'
import { resolve } from 'node:path'
import { Refusal } from '../../content/refusal.ts'
import { checkFile } from '../../content/store/sqlite-file.ts'
import { SqliteStore } from '../../content/store/sqlite.ts'
import { databaseIn, readConfig } from '../../server/config.ts'
import { makeFolder } from '../../server/folder.ts'
import { say, words } from '../terminal.ts'
import { type Command, needed, withSite } from './command.ts'

export const backup: Command = {
  name: 'backup',
  usage: '<file>',
  run: async (args) => {
    const file = resolve(needed(args, 0, 'file'))
    await withSite(({ store }) => store.backup(file))
    say(words('terminal.backup.done', { file, bytes: statSync(file).size }))
  },
}

/** Refuses to write over a server that is there; the copy is checked whole before it takes its place. */
export const restore: Command = {
  name: 'restore',
  usage: '<file>',
  run: async (args) => {
    const file = resolve(needed(args, 0, 'file'))
    if (!statSync(file, { throwIfNoEntry: false })?.isFile())
      throw new Refusal('missing', 'terminal.no_file', { path: file })
    const { data } = readConfig()
    const target = databaseIn(data)
    const there = rests.map((rest) => `${target}${rest}`).find((path) => existsSync(path))
    if (there) throw new Refusal('conflict', 'terminal.restore_over', { path: there })
    makeFolder(data)
    const count = await moved(file, target)
    say(words('terminal.restore.done', { path: target, count }))
  },
}

/** What SQLite keeps beside a database: a log left behind by another one would be read into the new one. */
const rests = ['', '-wal', '-shm', '-journal']

/** Copied, checked and put in its place; answers the size of its log. */
async function moved(file: string, target: string): Promise<number> {
  const coming = `${target}.restoring`
  try {
    copy(file, coming)
    checkFile(coming)
    const store = new SqliteStore(coming)
    const { size } = await store.head().finally(() => store.close())
    renameSync(coming, target)
    return size
  } catch (error) {
    if (error instanceof Refusal)
      throw new Refusal(error.reason, error.sentence, { ...error.values, path: file })
    throw error
  } finally {
    for (const rest of rests) rmSync(`${coming}${rest}`, { force: true })
  }
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
