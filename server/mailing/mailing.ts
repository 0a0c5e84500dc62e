/** What everything about e-mail needs to know, put together once; and how a letter is written down to be sent. */
import { randomUUID } from 'node:crypto'
import type { Mail } from '../../content/mailing.ts'
import { Refusal } from '../../content/refusal.ts'
import { groupId } from '../../federation/addresses.ts'
import type { Site } from '../../federation/site.ts'
import type { MailConfig } from '../config.ts'
import { inWords } from '../context.ts'
import { openPost, type Post } from '../mail.ts'
import { wordsFor } from '../words.ts'

export interface Mailing {
  site: Site
  /** All links are made from it. */
  secret: string
  /** The address letters come from. */
  from: string
  /** None where no e-mail is sent. */
  post?: Post
  /** The server is closing: what has begun is ended, nothing more begins. */
  closing: boolean
}

export function createMailing(site: Site, secret: string, mail: MailConfig | undefined): Mailing {
  return {
    site,
    secret,
    from: mail?.from ?? '',
    closing: false,
    ...(mail ? { post: openPost(mail) } : {}),
  }
}

/** How the initiative is called in a language. */
export async function initiativeName({ site }: Mailing, language: string): Promise<string> {
  const initiative = await site.store.get('initiatives', groupId(site))
  return initiative ? inWords(initiative.name, wordsFor(language)) : new URL(site.origin).host
}

/** The kinds of letters that anybody can have sent to any address. */
const asked = ['follow', 'join', 'sign_in', 'erase']
const HOUR_MS = 3_600_000
/** In an hour, to one address; beyond that nothing is sent, and the page says the same as ever. */
const PER_ADDRESS = 5
/** In an hour, to all addresses together. */
const PER_HOUR = 1000

type Asked = Pick<Mail, 'kind' | 'to' | 'language'> & Partial<Pick<Mail, 'about' | 'values'>>

/**
 * Write down a letter that somebody asked for on a page. Nobody learns whether it is sent. Refusal `unavailable`
 * where no e-mail is sent, `slow_down` when too many are asked for everywhere.
 */
export async function askForLetter({ site, post }: Mailing, letter: Asked): Promise<void> {
  if (!post) throw new Refusal('unavailable', 'mail.none')
  const at = site.now()
  const since = new Date(Date.parse(at) - HOUR_MS).toISOString()
  const lately = (where: Record<string, string | string[]>, most: number) =>
    site.store.count('mails', { where, since }, most)
  if ((await lately({ kind: asked }, PER_HOUR)) >= PER_HOUR)
    throw new Refusal('slow_down', 'mail.busy')
  if ((await lately({ kind: asked, to: letter.to }, PER_ADDRESS)) >= PER_ADDRESS) return
  const mail = { about: '', values: {}, ...letter }
  await site.store.commit({ put: { mails: [newMail(mail, randomUUID(), at)] } })
  site.wake('mail')
}

/** A letter that waits to be sent. */
export const newMail = (
  letter: Pick<Mail, 'kind' | 'to' | 'language' | 'about' | 'values'>,
  id: string,
  at: string,
): Mail => ({ ...letter, id, at, retryAt: at, state: 'waiting', tries: 0, after: 0, upTo: 0 })

/** At most so many milliseconds pass before pages have their turn. */
export const breathe = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))
