/** What each kind of letter says, in the language of whom it is for: plain text, with its links made when it is sent. */
import type { Mail, MailKind } from '../../content/mailing.ts'
import type { Letter } from '../mail.ts'
import { slugOf } from '../pages/parts/links.ts'
import { type Words, wordsFor } from '../words.ts'
import { digestWords } from './digests.ts'
import { followable } from './followable.ts'
import { linkToken, messageIdOf, type Purpose } from './links.ts'
import { initiativeName, type Mailing } from './mailing.ts'

interface Said {
  subject: string
  text: string
  /** One click that stops letters like this. */
  stop?: string
}

interface Telling {
  mailing: Mailing
  mail: Mail
  words: Words
  /** The initiative, in the reader's language. */
  name: string
}

/** Nothing to be said any more: the letter is dropped. */
type Saying = (telling: Telling) => Promise<Said | undefined>

const kinds: Record<MailKind, Saying> = {
  follow: async ({ mailing, mail, words, name }) => {
    const what = await followable(mailing.site, mail.about, words)
    if (!what) return undefined
    const values = { name, what: what.title }
    return {
      subject: words('letter.follow', values),
      text: `${words('letter.follow_said', values)}\n\n${linkOf(mailing, mail, '/follow/mail/confirm')}\n\n${words('letter.ignore')}`,
    }
  },
  sign_in: async ({ mailing, mail, words, name }) => ({
    subject: words('letter.sign_in', { name }),
    text: `${words('letter.sign_in_said', { name })}\n\n${linkOf(mailing, mail, '/sign-in')}\n\n${words('letter.ignore')}`,
  }),
  join: async ({ mailing, mail, words, name }) => ({
    subject: words('letter.join', { name }),
    text: `${words('letter.join_said', { name })}\n\n${linkOf(mailing, mail, '/sign-in')}\n\n${words('letter.ignore')}`,
  }),
  erase: async ({ mailing, mail, words, name }) => ({
    subject: words('letter.erase', { name }),
    text: `${words('letter.erase_said', { name })}\n\n${linkOf(mailing, mail, '/me/erase/confirm')}\n\n${words('letter.erase_ignore')}`,
  }),
  digest,
  disposed: answered,
  answered,
}

/** The letter in words; nothing when there is nothing to say any more. */
export async function letterFor(mailing: Mailing, mail: Mail): Promise<Letter | undefined> {
  const words = wordsFor(mail.language)
  const name = await initiativeName(mailing, words.language)
  const said = await kinds[mail.kind]({ mailing, mail, words, name })
  if (!said) return undefined
  const host = new URL(mailing.site.origin).hostname
  return {
    ...said,
    to: mail.to,
    language: words.language,
    id: messageIdOf(mail.id, host),
    from: { name, address: mailing.from },
    list: `tributary.${host}`,
  }
}

const linkOf = ({ site, secret }: Mailing, { id }: Mail, path: string): string =>
  `${site.origin}${path}?mail=${encodeURIComponent(id)}&token=${linkToken(secret, 'letter', id)}`

/** A link of somebody's own that does not end. */
export const standingLink = (
  { site, secret }: Mailing,
  purpose: Purpose,
  path: string,
  who: string,
) => `${site.origin}${path}?who=${encodeURIComponent(who)}&token=${linkToken(secret, purpose, who)}`

async function digest({ mailing, mail, words, name }: Telling): Promise<Said | undefined> {
  const subscriber = await mailing.site.store.get('subscribers', mail.about)
  if (!subscriber || subscriber.paused) return undefined
  const news = await digestWords(mailing, mail, subscriber, words)
  if (news === '') return undefined
  const stop = standingLink(mailing, 'subscriber', '/follow/mail/stop', subscriber.id)
  const manage = standingLink(mailing, 'subscriber', '/follow/mail/manage', subscriber.id)
  return {
    subject: words('digest.subject', { name, day: words.day(mail.at) }),
    text: `${words('digest.intro', { name })}\n\n${news}\n\n-- \n${words('digest.why', { name })}\n\n${words('digest.manage')}\n${manage}\n\n${words('digest.stop')}\n${stop}`,
    stop,
  }
}

/** Somebody answered, or the drafters did. */
async function answered({ mailing, mail, words, name }: Telling): Promise<Said | undefined> {
  const { store } = mailing.site
  const item = await store.get('items', mail.about)
  if (item?.type !== 'contribution' || item.visibility !== 'shown') return undefined
  const person = await store.get('people', mail.values.person ?? '')
  if (!person || person.mails === false) return undefined
  const stop = standingLink(mailing, 'quiet', '/me/quiet', slugOf(person.id))
  const by = item.authorName
  const place = item.disposes ? item.inReplyTo : item.id
  const what = item.disposes ? 'disposed' : 'answered'
  return {
    subject: words(`letter.${what}`, { name, by }),
    text: `${words(`letter.${what}_said`, { name, by })}\n\n${item.text}\n\n${place}\n\n-- \n${words('letter.quiet')}\n${stop}`,
    stop,
  }
}
