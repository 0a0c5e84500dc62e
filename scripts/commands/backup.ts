/** tributary backup <file>, tributary restore <file>: everything in one file, made while the server runs. */
import { copyFileSync, existsSync, mkdirSync, statSync } from 'node:fs'
import { resolve } from 'node:path'
import { Refusal } from '../../content/refusal.ts'
import { SqliteStore } from '../../content/store/sqlite.ts'
import { databaseIn, readConfig } from '../../server/config.ts'
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

/** Refuses to write over a server that is there; checks that the file is a store before anything is copied. */
export const restore: Command = {
  name: 'restore',
  usage: '<file>',
  run: async (args) => {
    const file = resolve(needed(args, 0, 'file'))
    if (!existsSync(file)) throw new Refusal('missing', 'terminal.no_file', { path: file })
    const { data } = readConfig()
    const target = databaseIn(data)
    if (existsSync(target)) throw new Refusal('conflict', 'terminal.restore_over', { path: target })
    const entries = await entriesIn(file)
    mkdirSync(data, { recursive: true, mode: 0o700 })
    copyFileSync(file, target)
    say(words('terminal.restore.done', { path: target, count: entries }))
  },
}

/** The size of the log in a backup; throws when the file is no store. */
async function entriesIn(file: string): Promise<number> {
  const store = new SqliteStore(file)
  try {
    return (await store.head()).size
  } finally {
    await store.close()
  }
}
