/** E-mail over SMTP: one letter at a time is handed to the operator's mail server, which answers for it from then on. */
import type { Transporter } from 'nodemailer'
import type { MailConfig } from './config.ts'

/** So many connections are open to the mail server at once. */
export const CONNECTIONS = 4
const CONNECT_MS = 15_000
const SOCKET_MS = 60_000

/** One letter, in words. */
export interface Letter {
  to: string
  subject: string
  text: string
  language: string
  /** Its Message-ID: the same whenever the same letter is sent again, so that mailboxes can drop the second. */
  id: string
  from: { name: string; address: string }
  /** What it belongs to, for the reader's filters (RFC 2919). */
  list: string
  /** Stops letters like this one: a page, and an address for one click without it (RFC 8058). */
  stop?: string
}

export interface Post {
  /** Resolves when the mail server has taken the letter. */
  send: (letter: Letter) => Promise<void>
  close: () => void
}

/** Speak with the mail server as if to send; throws what went wrong. */
export async function tryMail(mail: MailConfig): Promise<void> {
  const transport = await connected(mail)
  try {
    await transport.verify()
  } finally {
    transport.close()
  }
}

/** Connections are made at the first letter, and kept for the next ones. */
export function openPost(mail: MailConfig): Post {
  let transport: Promise<Transporter> | undefined
  return {
    send: async (letter) => {
      transport ??= connected(mail)
      await (await transport).sendMail(worded(letter))
    },
    close: () => void transport?.then((each) => each.close()),
  }
}

async function connected({ smtp }: MailConfig): Promise<Transporter> {
  const { createTransport } = await import('nodemailer')
  const url = new URL(smtp)
  const { username: user, password: pass } = url
  return createTransport({
    pool: true,
    maxConnections: CONNECTIONS,
    host: url.hostname,
    secure: url.protocol === 'smtps:',
    port: Number(url.port) || (url.protocol === 'smtps:' ? 465 : 587),
    ...(user ? { auth: { user: decodeURIComponent(user), pass: decodeURIComponent(pass) } } : {}),
    connectionTimeout: CONNECT_MS,
    socketTimeout: SOCKET_MS,
    disableFileAccess: true,
    disableUrlAccess: true,
  })
}

/** A line stays one line: a name with a line break in it would otherwise begin a header of its own. */
const oneLine = (text: string): string => text.replace(/[\p{Cc}\u2028\u2029]+/gu, ' ').trim()

function worded({ to, subject, text, language, id, from, list, stop }: Letter) {
  return {
    from: { ...from, name: oneLine(from.name) },
    to: { name: '', address: to },
    subject: oneLine(subject),
    text,
    messageId: id,
    headers: {
      'Auto-Submitted': 'auto-generated',
      'Content-Language': language,
      'List-Id': `<${list}>`,
      ...(stop
        ? { 'List-Unsubscribe': `<${stop}>`, 'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click' }
        : {}),
    },
  }
}

/** What a failure means: the letter is refused for good, the address is, it may be taken later, or nobody answers at all. */
export type Failure = 'refused' | 'bounced' | 'later' | 'away'

export function failureOf(error: unknown): Failure {
  const { responseCode, code, command } = Object(error) as Record<string, unknown>
  if (code === 'EAUTH' || responseCode === undefined)
    return code === 'EENVELOPE' ? 'bounced' : 'away'
  if (Number(responseCode) === 421) return 'away'
  if (Number(responseCode) < 500) return 'later'
  return command === 'RCPT TO' || code === 'EENVELOPE' ? 'bounced' : 'refused'
}
