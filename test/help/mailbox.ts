/** A real SMTP server on loopback that keeps every letter it takes, reads them back, and refuses whom it is told to. */
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { SMTPServer } from 'smtp-server'
import type { Running } from '../../server/main.ts'
import { until } from './servers.ts'

export interface Received {
  to: string
  raw: string
  /** The words, decoded. */
  text: string
  header: (name: string) => string
}

export interface Mailbox {
  /** What a server needs to hand letters over here. */
  config: { smtp: string; from: string }
  letters: Received[]
  /** Answers to RCPT TO, by address. */
  refused: Map<string, number>
  /** Called when a letter has come whole, before it is answered. */
  onLetter?: () => void
}

const open = new Set<SMTPServer>()

export async function mailbox(): Promise<Mailbox> {
  const letters: Received[] = []
  const refused = new Map<string, number>()
  const box: Mailbox = { config: { smtp: '', from: 'news@coast.example' }, letters, refused }
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS', 'AUTH'],
    onRcptTo: ({ address }, _session, done) => {
      const responseCode = refused.get(address)
      done(responseCode ? Object.assign(new Error('no such mailbox'), { responseCode }) : null)
    },
    onData: (stream, session, done) => {
      const parts: Buffer[] = []
      stream.on('data', (part: Buffer) => parts.push(part))
      stream.on('end', () => {
        const raw = Buffer.concat(parts).toString('latin1')
        letters.push(received(session.envelope.rcptTo[0]?.address ?? '', raw))
        box.onLetter?.()
        done()
      })
    },
  })
  // A client that is killed in the middle is no trouble of ours.
  server.on('error', () => {})
  const listening = server.listen(0, '127.0.0.1')
  await once(listening, 'listening')
  open.add(server)
  const { port } = listening.address() as AddressInfo
  box.config.smtp = `smtp://127.0.0.1:${port}`
  return box
}

export async function endMailboxes(): Promise<void> {
  for (const server of open) await new Promise<void>((done) => server.close(() => done()))
  open.clear()
}

function received(to: string, raw: string): Received {
  const [head = '', ...rest] = raw.split('\r\n\r\n')
  const body = rest.join('\r\n\r\n')
  const headers = head.replace(/\r\n[ \t]+/g, ' ').split('\r\n')
  const header = (name: string) =>
    headers
      .find((line) => line.toLowerCase().startsWith(`${name.toLowerCase()}:`))
      ?.slice(name.length + 1)
      .trim() ?? ''
  return { to, raw, header, text: decoded(body, header('Content-Transfer-Encoding')) }
}

function decoded(body: string, encoding: string): string {
  if (encoding === 'base64') return Buffer.from(body, 'base64').toString()
  if (encoding !== 'quoted-printable') return Buffer.from(body, 'latin1').toString()
  const bytes = body
    .replace(/=\r\n/g, '')
    .replace(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
  return Buffer.from(bytes, 'latin1').toString()
}

/** The link of a letter that leads to a path, as a path with its query. */
export function linkIn({ text }: Received, path: string): string {
  const link = text.split(/\s+/).find((word) => word.includes(`${path}?`))
  if (!link) throw new Error(`no link to ${path} in: ${text}`)
  const { pathname, search } = new URL(link)
  return pathname + search
}

/** The last letter to somebody of those that came after so many, as soon as it is there. */
export const letterTo = (
  { site }: Pick<Running, 'site'>,
  box: Mailbox,
  email: string,
  since = 0,
): Promise<Received> =>
  until(async () => {
    site.wake('mail')
    return box.letters.slice(since).findLast(({ to }) => to === email)
  })
