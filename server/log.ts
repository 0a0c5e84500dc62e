/** What the operator reads: one line for each thing that happens, as JSON for machines, short for people. Never a secret. */
import { pino } from 'pino'
import type { Fields, Log } from '../federation/site.ts'

/** From nothing at all to everything. */
export const levels = ['silent', 'error', 'info', 'debug'] as const

export type Level = (typeof levels)[number]

/** Where lines go: standard error, unless a test wants to read them. */
export interface Output {
  write: (line: string) => void
  /** A person is looking. */
  isTerminal?: boolean
}

const standardError: Output = {
  write: (line) => void process.stderr.write(line),
  isTerminal: process.stderr.isTTY,
}

/** Lines are written at once, by this thread: what was logged before a crash is there after it. */
export function createLog(level: Level, output: Output = standardError): Log {
  const write = output.isTerminal ? (line: string) => output.write(short(line)) : output.write
  const logger = pino(
    {
      level,
      messageKey: 'message',
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
    },
    { write },
  )
  const at =
    (name: 'error' | 'info' | 'debug') =>
    (message: string, fields: Fields = {}) => {
      if (logger.isLevelEnabled(name)) logger[name](withoutSecrets(fields), message)
    }
  return { error: at('error'), info: at('info'), debug: at('debug') }
}

const SECRET = /authorization|cookie|signature|password|token|secret|privatekey/i
const STRUCK = '[not logged]'
const DEPTH_MAX = 5
const TEXT_MAX = 4000

/** Whatever is called like a secret is struck out, however deep it stands. */
function withoutSecrets(fields: Fields, depth = 0): Fields {
  const safe = (value: unknown): unknown => {
    if (typeof value === 'string') return value.slice(0, TEXT_MAX)
    if (Array.isArray(value)) return value.slice(0, 100).map(safe)
    if (value === null || typeof value !== 'object') return value
    return depth < DEPTH_MAX ? withoutSecrets(value as Fields, depth + 1) : '…'
  }
  return Object.fromEntries(
    Object.entries(fields).map(([key, value]) => [key, SECRET.test(key) ? STRUCK : safe(value)]),
  )
}

/** `10:00:01 error  delivery failed  peer=https://igf.example` */
function short(line: string): string {
  const { level, time, message, ...fields } = JSON.parse(line) as Fields
  const rest = Object.entries(fields).map(([key, value]) => `${key}=${plain(value)}`)
  return `${[String(time).slice(11, 19), String(level).padEnd(5), message, ...rest].join(' ')}\n`
}

const plain = (value: unknown): string => {
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  return /^\S+$/.test(text) || text.includes('\n') ? text : JSON.stringify(text)
}
