/** What hosts do, in one line each: publish, correct and withdraw an outcome, write and rewrite a discussion. */
import { contribute, writeDiscussion } from '../../content/discussions.ts'
import type { Contribution, Item } from '../../content/model.ts'
import { decide } from '../../content/moderation.ts'
import { edit, publishImported, take, write, type Written } from '../../content/outcomes.ts'
import { contributionId, discussionId, groupId, outcomeId } from '../../federation/addresses.ts'
import { nameNow } from '../../federation/former.ts'
import { record } from '../../federation/record.ts'
import type { Site } from '../../federation/site.ts'
import { addPerson } from '../../server/people.ts'

const by = (site: Site) => ({ by: 'Noor', actor: groupId(site), at: site.now() })

const written = (title: string, text: string): Written => ({
  language: 'en',
  texts: { en: { title, markdown: text } },
  year: 2026,
  tags: {},
})

/** A published outcome with this text; answers its id. */
export async function publish(site: Site, slug: string, text: string): Promise<string> {
  const id = outcomeId(site, slug)
  await record(site, write(written(slug, text), { id, slug, initiative: groupId(site) }, by(site)))
  const draft = await site.store.get('drafts', id)
  if (draft) await record(site, publishImported(draft, site.now(), by(site)))
  return id
}

/** A new version with a new text. */
export async function correct(site: Site, id: string, text: string): Promise<void> {
  const held = await site.store.get('drafts', id)
  if (!held) throw new Error(`no outcome ${id}`)
  await record(site, edit(held, written(held.slug, text), by(site)))
  const edited = await site.store.get('drafts', id)
  if (edited) await record(site, take(edited, 'correct', { reason: 'a mistake' }, by(site)))
}

export async function withdraw(site: Site, id: string): Promise<void> {
  const draft = await site.store.get('drafts', id)
  if (draft) await record(site, take(draft, 'withdraw', { reason: 'it was wrong' }, by(site)))
}

/** A discussion with this text, new or written anew; answers its id. */
export async function discuss(site: Site, slug: string, text: string): Promise<string> {
  const id = discussionId(site, slug)
  const before = await site.store.get('items', id)
  const fields = { language: 'en', title: { en: slug }, text, tags: {} }
  const held = before?.type === 'discussion' ? before : undefined
  await record(site, writeDiscussion(held?.id ?? id, fields, by(site), held))
  return held?.id ?? id
}

/** A contribution by somebody with an account there, to an item of any server; answers its id. */
export async function answerFrom(
  site: Site,
  slug: string,
  about: Pick<Item, 'id' | 'initiative'>,
  text: string,
): Promise<string> {
  const fields = { role: 'participant', language: 'en', password: 'rivers run to the sea' } as const
  const email = `${slug}@test.example`
  const [held] = await site.store.find('people', { where: { email } })
  const person = held ?? (await addPerson(site, { name: slug, email, ...fields }))
  const author = { id: nameNow(site, person.id), name: slug, handle: `${slug}@test` }
  const under = { about: about.id, inReplyTo: about.id, initiative: about.initiative }
  const id = contributionId(site, held ? `${slug}-${site.now()}`.replace(/\W+/g, '-') : slug)
  await record(
    site,
    contribute(id, { text, language: 'en' }, under, author, { ...by(site), open: true }),
  )
  return id
}

/** A moderator's decision about a contribution that is here. */
export async function decided(
  site: Site,
  id: string,
  visibility: 'shown' | 'refused' | 'removed',
): Promise<void> {
  const item = await site.store.get('items', id)
  const doing = decide(item as Contribution, visibility, by(site))
  await record(site, doing)
}
