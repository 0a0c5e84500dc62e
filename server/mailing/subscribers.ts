/** Who follows by e-mail: begun by a confirmed letter, changed and ended by whoever has the link. */
import type { Mail, Period, Subscriber } from '../../content/mailing.ts'
import { Period as Periods } from '../../content/mailing.ts'
import { again } from '../../federation/races.ts'
import { addressKey } from './links.ts'
import type { Mailing } from './mailing.ts'
import { newsEnd } from './news.ts'

const FOLLOWS_MAX = 100

/** The letter's link was used: what it asked for is followed from now on. Answers the subscriber's id. */
export async function confirmFollow({ site, secret }: Mailing, mail: Mail): Promise<string> {
  const id = addressKey(secret, mail.to)
  const period = Periods.catch('daily').parse(mail.values.period)
  await again(async () => {
    const { store } = site
    const known = await store.get('subscribers', id)
    const at = site.now()
    const fresh = {
      id,
      email: mail.to,
      follows: [],
      told: await newsEnd(site),
      at,
      paused: false,
    }
    const before = known ?? fresh
    const follows = [...new Set([...before.follows, mail.about])].slice(-FOLLOWS_MAX)
    const subscriber: Subscriber = { ...before, follows, period, language: mail.language }
    const used: Mail = { ...mail, state: 'sent', usedAt: at }
    await store.commit({ put: { subscribers: [subscriber], mails: [used] } })
  })
  return id
}

/** What somebody changes on the page of their subscriptions. */
export type Changing = 'unfollow' | Period | 'pause' | 'resume' | 'stop'

/** Stopping forgets the address; after a pause nothing is told of what happened meanwhile. */
export async function changeSubscriber(
  mailing: Mailing,
  id: string,
  what: Changing,
  target = '',
): Promise<void> {
  const { store } = mailing.site
  await again(async () => {
    const known = await store.get('subscribers', id)
    if (!known) return
    const next = await changed(mailing, known, what, target)
    if (next) await store.commit({ put: { subscribers: [next] } })
    else await forget(mailing, known)
  })
}

async function changed(
  { site }: Mailing,
  known: Subscriber,
  what: Changing,
  target: string,
): Promise<Subscriber | undefined> {
  if (what === 'stop') return undefined
  if (what === 'pause') return { ...known, paused: true }
  if (what === 'resume') return { ...known, paused: false, told: await newsEnd(site) }
  if (what !== 'unfollow') return { ...known, period: what satisfies Period }
  const follows = known.follows.filter((each) => each !== target)
  return follows.length > 0 ? { ...known, follows } : undefined
}

async function forget(mailing: Mailing, { id, email }: Subscriber): Promise<void> {
  const mails = await lettersTo(mailing, email)
  const digests = mails.filter(({ kind }) => kind === 'digest' || kind === 'follow')
  await mailing.site.store.commit({
    drop: { subscribers: [id], mails: digests.map((each) => each.id), bounces: [id] },
  })
}

/** Every letter to an address that is still known. */
export const lettersTo = ({ site }: Mailing, to: string): Promise<Mail[]> =>
  site.store.find('mails', { where: { to }, limit: 1000 })
