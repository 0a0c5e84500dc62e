/** Links that prove that somebody reads a mailbox: each is made from the server's secret, so that no table holds it. */
import { createHash, createHmac, timingSafeEqual } from 'node:crypto'

/** What a link is for: one for one thing is no good for another. */
export type Purpose = 'letter' | 'subscriber' | 'quiet'

/** 192 bits: more than anybody guesses. */
export const linkToken = (secret: string, purpose: Purpose, id: string): string =>
  createHmac('sha256', secret).update(`mail ${purpose} ${id}`).digest('base64url').slice(0, 32)

export function isToken(secret: string, purpose: Purpose, id: string, token: string): boolean {
  const wanted = Buffer.from(linkToken(secret, purpose, id))
  const sent = Buffer.from(token)
  return sent.length === wanted.length && timingSafeEqual(sent, wanted)
}

/** How a mailbox is called in the tables: nobody without the secret can tell whose it is. */
export const addressKey = (secret: string, email: string): string =>
  createHmac('sha256', secret)
    .update(`address ${email.toLowerCase()}`)
    .digest('base64url')
    .slice(0, 22)

/** The same for the same letter, whenever it is sent (RFC 5322, section 3.6.4). */
export const messageIdOf = (id: string, host: string): string =>
  `<${createHash('sha256').update(id).digest('hex').slice(0, 32)}@${host}>`
