/**
 * The job that sends: each letter is `sending` on disk before the mail server hears of it, and `sent` on disk
 * before the same connection takes the next. SMTP has no transactions, so one window remains: killed after the
 * mail server has taken a letter and before the line on disk, it is sent once more, with the same Message-ID. At
 * most as many letters as there are connections can be in that window. The other choice would lose letters.
 */
import type { Mail } from '../../content/mailing.ts'
import { isRace } from '../../federation/races.ts'
import { CONNECTIONS, failureOf } from '../mail.ts'
import { planAnswers } from './answers.ts'
import { planDigests } from './digests.ts'
import { letterFor } from './letters.ts'
import { addressKey } from './links.ts'
import { breathe, type Mailing } from './mailing.ts'

const AT_ONCE = 100
const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
const DAY_MS = 24 * HOUR_MS
/** Between two letters of one connection: pages have their turn, and the mail server too. */
const PAUSE_MS = 4
const TRIES_MAX = 10
const WAIT_MAX_MS = 6 * HOUR_MS
/** Letters that were sent are forgotten after so long. */
const KEPT_MS = 14 * DAY_MS

/** Somebody waits for these. */
const urgent = ['follow', 'join', 'sign_in', 'erase']

/** One round of all the work with e-mail; remembers between rounds what only this process knows. */
export function mailRounds(mailing: Mailing): () => Promise<void> {
  let begun = false
  let awayUntil = ''
  return async () => {
    const { site, post } = mailing
    if (!post) return
    if (!begun) await takeUp(mailing)
    begun = true
    await planAnswers(mailing)
    await planDigests(mailing)
    await forgetOld(mailing)
    if (site.now() < awayUntil) return
    const away = await sendAll(mailing)
    if (away) awayUntil = later(site.now(), MINUTE_MS)
  }
}

const later = (at: string, ms: number): string => new Date(Date.parse(at) + ms).toISOString()

/** What was under way when the server was killed is sent again: better twice than never. */
async function takeUp({ site: { store } }: Mailing): Promise<void> {
  for (;;) {
    const found = await store.find('mails', { where: { state: 'sending' }, limit: AT_ONCE })
    if (found.length === 0) return
    await store.commit({ put: { mails: found.map((mail) => ({ ...mail, state: 'waiting' })) } })
  }
}

/** True when the mail server does not answer. */
async function sendAll(mailing: Mailing): Promise<boolean> {
  for (;;) {
    const batch = await waiting(mailing)
    if (batch.length === 0 || mailing.closing) return false
    let away = false
    const line = async () => {
      for (let mail = batch.shift(); mail && !away && !mailing.closing; mail = batch.shift()) {
        away = (await sendOne(mailing, mail)) || away
        await breathe()
        await new Promise((resolve) => setTimeout(resolve, PAUSE_MS))
      }
    }
    await Promise.all(Array.from({ length: CONNECTIONS }, line))
    if (away) return true
  }
}

async function waiting({ site: { store, now } }: Mailing): Promise<Mail[]> {
  const query = { until: now(), order: 'oldest' as const, limit: AT_ONCE }
  const first = await store.find('mails', { ...query, where: { state: 'waiting', kind: urgent } })
  if (first.length > 0) return first
  return store.find('mails', { ...query, where: { state: 'waiting' } })
}

/** True when the mail server does not answer: the letter waits as if nothing had been tried. */
async function sendOne(mailing: Mailing, mail: Mail): Promise<boolean> {
  const { site, post } = mailing
  const taken = await written(mailing, { ...mail, state: 'sending', tries: mail.tries + 1 })
  if (!taken) return false
  try {
    const letter = await letterFor(mailing, taken)
    if (!letter) {
      await site.store.commit({ drop: { mails: [mail.id] } })
      return false
    }
    await post?.send(letter)
    await written(mailing, { ...taken, state: 'sent' })
    const bounce = addressKey(mailing.secret, mail.to)
    if (await site.store.get('bounces', bounce))
      await site.store.commit({ drop: { bounces: [bounce] } })
    return false
  } catch (error) {
    return failed(mailing, taken, mail, error)
  }
}

/** As it stands on disk now; nothing when somebody has erased it meanwhile. */
async function written({ site: { store } }: Mailing, mail: Mail): Promise<Mail | undefined> {
  try {
    await store.commit({ put: { mails: [mail] } })
    return await store.get('mails', mail.id)
  } catch (error) {
    if (isRace(error)) return undefined
    throw error
  }
}

async function failed(
  mailing: Mailing,
  taken: Mail,
  before: Mail,
  error: unknown,
): Promise<boolean> {
  const { site } = mailing
  const failure = failureOf(error)
  const why = String(Object(error).message ?? error).slice(0, 300)
  site.log.info('a letter was not taken', { kind: taken.kind, failure })
  if (failure === 'away') {
    await written(mailing, { ...taken, state: 'waiting', tries: before.tries, why })
    return true
  }
  const over = failure !== 'later' || taken.tries >= TRIES_MAX
  const retryAt = later(site.now(), Math.min(WAIT_MAX_MS, MINUTE_MS * 2 ** taken.tries))
  await written(mailing, {
    ...taken,
    state: over ? 'failed' : 'waiting',
    why,
    ...(over ? {} : { retryAt }),
  })
  if (failure === 'bounced') await bounced(mailing, taken.to, why)
  return false
}

async function bounced({ site, secret }: Mailing, email: string, why: string): Promise<void> {
  const id = addressKey(secret, email)
  const known = await site.store.get('bounces', id)
  const bounce = { ...known, id, email, why, count: (known?.count ?? 0) + 1, at: site.now() }
  await site.store.commit({ put: { bounces: [bounce] } }).catch((error: unknown) => {
    if (!isRace(error)) throw error
  })
}

async function forgetOld({ site: { store, now } }: Mailing): Promise<void> {
  const until = later(now(), -KEPT_MS)
  const old = await store.find('mails', {
    where: { state: ['sent', 'failed'] },
    until,
    limit: 1000,
  })
  if (old.length > 0) await store.commit({ drop: { mails: old.map(({ id }) => id) } })
}
