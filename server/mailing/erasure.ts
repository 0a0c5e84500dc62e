/** Somebody leaves and is forgotten: words first, then account, address, letters, logins and all that is kept for them in one commit. */
import { act } from '../../content/moderation.ts'
import type { Contribution } from '../../content/model.ts'
import { takeBack, unnamed } from '../../content/own-words.ts'
import type { Person } from '../../content/parties.ts'
import { everyName, nameNow } from '../../federation/former.ts'
import { personId } from '../../federation/addresses.ts'
import { record } from '../../federation/record.ts'
import type { Site } from '../../federation/site.ts'
import { seenId } from '../login.ts'
import { addressKey } from './links.ts'
import type { Mailing } from './mailing.ts'
import { lettersTo } from './subscribers.ts'

/** What becomes of what they wrote. */
export type Choice = 'delete' | 'unname'

const AT_ONCE = 50
const KEPT_MAX = 1000
/** Nobody has written more by hand. */
const ROUNDS_MAX = 2000

interface As {
  /** Who is named instead. */
  name: string
  actor: string
}

/**
 * What remains: the signed log of what was published (it is append-only, and others hold it too), and lines of
 * the trail with the public name. Begun again after a crash it goes on where it was.
 */
export async function erasePerson(
  mailing: Mailing,
  person: Person,
  choice: Choice,
  as: As,
): Promise<void> {
  for (let round = 0; round < ROUNDS_MAX; round += 1) {
    const written = await stillNamed(mailing, person)
    if (written.length === 0) break
    for (const each of written) await letGo(mailing, each, choice, as)
  }
  await forgetPerson(mailing, person)
}

async function stillNamed({ site }: Mailing, { id }: Person): Promise<Contribution[]> {
  const where = { type: 'contribution', author: everyName(site, id) }
  const found = await site.store.find('items', { where, limit: AT_ONCE })
  return found.filter((item) => item.type === 'contribution')
}

/** First the words go, in their author's name; in another round the name goes. */
async function letGo(
  { site }: Mailing,
  item: Contribution,
  choice: Choice,
  { name, actor }: As,
): Promise<void> {
  if (choice === 'delete' && item.visibility !== 'removed')
    return record(site, takeBack(item, { actor, at: site.now() }))
  const put = { items: [unnamed(item, personId(site, 'former'), name)] }
  await site.store.commit({ put })
}

async function forgetPerson(mailing: Mailing, { id, email }: Person): Promise<void> {
  const { site, secret } = mailing
  const key = addressKey(secret, email)
  const mails = await lettersTo(mailing, email)
  const { logins, passkeys, proposals } = await keptFor(site, id)
  const ids = (all: { id: string }[]) => all.map((each) => each.id)
  const at = site.now()
  const names = [...new Set([id, nameNow(site, id)])]
  await record(site, {
    put: { acts: [act(id, 'erased_account', id, at)] },
    drop: {
      ...{ people: [id], subscribers: [key], bounces: [key], mails: ids(mails) },
      ...{ logins: ids(logins), passkeys: ids(passkeys), proposals: ids(proposals) },
      notes: [seenId(id)],
    },
    tell: names.map((each) => ({ verb: 'delete', item: each, actor: each, at })),
  })
}

/** What is kept under a person's id beside their account and their words. */
export async function keptFor({ store }: Site, person: string) {
  const own = { where: { person }, limit: KEPT_MAX }
  const [logins, passkeys, proposals] = await Promise.all([
    store.find('logins', own),
    store.find('passkeys', own),
    store.find('proposals', own),
  ])
  return { logins, passkeys, proposals }
}
