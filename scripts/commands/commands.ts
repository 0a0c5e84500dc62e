/** All commands, in the order in which --help names them. */
import type { Command } from './command.ts'

const value = { type: 'string' } as const
const flag = { type: 'boolean' } as const

export const commands: Command[] = [
  {
    name: 'import',
    usage:
      '<file, folder or address> [--draft] [--no-comments] [--meeting <name or year>] [--initiative <name>]',
    options: { draft: flag, 'no-comments': flag, meeting: value, initiative: value },
    load: async () => (await import('./import.ts')).importing,
  },
  {
    name: 'person',
    usage: 'list | add <email> [--name …] [--role …] | password <email> | remove <email>',
    options: { name: value, role: value },
    load: async () => (await import('./person.ts')).person,
  },
  {
    name: 'peer',
    usage:
      'list | follow | unfollow | apply | trust | block | unblock | pause | resume | accept-log <address>',
    load: async () => (await import('./peer.ts')).peer,
  },
  {
    name: 'keys',
    usage: 'list | rotate [actor] | revoke <key> [--since <time>]',
    options: { since: value },
    load: async () => (await import('./keys.ts')).keys,
  },
  { name: 'sync', usage: '', load: async () => (await import('./sync.ts')).sync },
  {
    name: 'verify',
    usage: '<address or file> [--key <key>] [--witness <address or key> …] [--quorum <number>]',
    options: { key: value, witness: { ...value, multiple: true }, quorum: value },
    load: async () => (await import('./verify.ts')).verify,
  },
  {
    name: 'doctor',
    usage: '[--json]',
    options: { json: flag },
    load: async () => (await import('./doctor.ts')).doctor,
  },
  {
    name: 'move',
    usage: '[<new address> [--yes]] [--again]',
    options: { yes: flag, again: flag },
    load: async () => (await import('./move.ts')).move,
  },
  { name: 'backup', usage: '<file>', load: async () => (await import('./backup.ts')).backup },
  {
    name: 'restore',
    usage: '<file> [--replace]',
    options: { replace: flag },
    load: async () => (await import('./backup.ts')).restore,
  },
  {
    name: 'export',
    usage: '<file.zip> [--language <code>]',
    options: { language: value },
    load: async () => (await import('./export.ts')).exporting,
  },
  {
    name: 'archive',
    usage: '<folder or file.zip> [--language <code>]',
    options: { language: value },
    load: async () => (await import('./export.ts')).archiving,
  },
]
