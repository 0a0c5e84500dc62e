/** What an id stands for, in words: on the trail, in receipts, among peers. */
import type { Item } from '../../../content/model.ts'
import { groupId } from '../../../federation/addresses.ts'
import { isOurs, nameNow } from '../../../federation/former.ts'
import type { Context } from '../../context.ts'
import { type Html, html } from '../../html.ts'
import { localized } from '../parts/entries.ts'
import { hostOf, own, pathOf, slugOf } from '../parts/links.ts'

/** How the trail calls what is nobody's account: below `host.by.` in the catalogs. */
const machines = new Set(['setup', 'import', 'terminal', 'program', 'reader'])

/** Somebody or something by id, with a link where there is a page; what is not known any more by the end of its id. */
export async function nameOf(context: Context, id: string): Promise<Html> {
  const { words, site, profile } = context
  if (machines.has(id)) return html`${words(`host.by.${id}`)}`
  if (!URL.canParse(id)) return (await invitationName(context, id)) ?? own(id)
  if (id === groupId(site) && profile) return localized(words, profile.name)
  return (
    (await itemName(context, id)) ??
    (isOurs(site, id) ? await itemName(context, nameNow(site, id)) : undefined) ??
    (await partyName(context, id)) ??
    own(shortOf(site.origin, id))
  )
}

/** A person's name as plain text, for tables; what is nobody's account by its own word. */
export async function plainName({ words, site }: Context, id: string): Promise<string> {
  if (machines.has(id)) return words(`host.by.${id}`)
  return (await site.store.get('people', id))?.name ?? ''
}

async function invitationName({ words, site }: Context, id: string): Promise<Html | undefined> {
  const invitation = await site.store.get('invitations', id)
  if (!invitation) return undefined
  const role = words(`role.${invitation.role}`)
  return words.rich('invite.named', { role, note: own(invitation.note || '—') })
}

async function itemName({ words, site }: Context, id: string): Promise<Html | undefined> {
  const item = await site.store.get('items', id)
  if (item) {
    const title = titleOf(item)
    const href = item.local ? pathOf(id) : id
    const text = title
      ? localized(words, title)
      : words('host.contribution_by', { name: authorOf(item) })
    return html`<a href="${href}">${text}</a>`
  }
  const draft = await site.store.get('drafts', id)
  const title = draft?.texts[draft.language]?.title
  return title ? html`<a href="/host/outcomes/${slugOf(id)}">${own(title)}</a>` : undefined
}

async function partyName({ words, site }: Context, id: string): Promise<Html | undefined> {
  const [person, initiative, actor, call, key] = await Promise.all([
    site.store.get('people', id),
    site.store.get('initiatives', id),
    site.store.get('actors', id),
    site.store.get('calls', id),
    site.store.get('keys', id),
  ])
  if (call) return html`<a href="/host${pathOf(id)}">${localized(words, call.title)}</a>`
  if (key) return words.rich('keys.named', { key: own(shortName(id)) })
  if (person) return own(person.name)
  if (initiative) return localized(words, initiative.name)
  return actor && own(actor.name)
}

/** Enough of a key’s name to know it again. */
const shortName = (key: string): string => {
  const name = key.slice(key.lastIndexOf('#') + 1)
  return name.length > 16 ? `${name.slice(0, 16)}…` : name
}

function titleOf(item: Item): Record<string, string> | undefined {
  if ('title' in item) return item.title
  return item.type === 'message' ? item.outcomeTitle : undefined
}

const authorOf = (item: Item): string => (item.type === 'contribution' ? item.authorName : '')

/** Ours without our host, others' with theirs. */
function shortOf(origin: string, id: string): string {
  const { pathname } = new URL(id)
  if (id.startsWith(`${origin}/`)) return pathname
  return pathname === '/' ? hostOf(id) : hostOf(id) + pathname
}
