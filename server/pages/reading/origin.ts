/** Of what lives elsewhere, every page says so: whose it is, and where. */
import type { Initiative } from '../../../content/model.ts'
import type { Context } from '../../context.ts'
import { type Html, html } from '../../html.ts'
import { localized } from '../parts/entries.ts'
import { hostOf, initiativePlace, own } from '../parts/links.ts'
import { initiativeOf } from './find.ts'

interface Item {
  id: string
  initiative: string
  local: boolean
}

/** A note that leads to the origin; nothing for what is this server's own. */
export async function originNote(context: Context, item: Item): Promise<Html | false> {
  if (item.local) return false
  const { words } = context
  const initiative = await initiativeOf(context, item.initiative)
  return html`<p class="note origin">${words.rich('origin.said', {
    initiative: initiative ? initiativeLink(context, initiative) : own(hostOf(item.id)),
    host: html`<a href="${item.id}">${own(hostOf(item.id))}</a>`,
  })}${initiative && movedSince(words, item, initiative)}</p>`
}

/** Its initiative has another address now: where it stood may answer no more. */
function movedSince(words: Context['words'], { id }: Item, initiative: Initiative): Html | false {
  const [then, now] = [hostOf(id), hostOf(initiative.id)]
  return then !== now && html` ${words.rich('moving.stood', { then: own(then), now: own(now) })}`
}

/** The name of an initiative, leading to its page where this server has one. */
export function initiativeLink({ words, site }: Context, { id, name, local }: Initiative): Html {
  const text = localized(words, name)
  if (local) return html`<a href="/about">${text}</a>`
  return site.policy.gathers ? html`<a href="${initiativePlace(id)}">${text}</a>` : text
}

/** Names of initiatives by id, for the lists of an aggregator. */
export async function initiativesById({ site }: Context): Promise<Map<string, Initiative>> {
  const found = await site.store.find('initiatives', { order: 'oldest', limit: INITIATIVES_MAX })
  return new Map(found.map((each) => [each.id, each]))
}

const INITIATIVES_MAX = 1000

/** Whose an entry of a list is; nothing on a node, where all is its own. */
export function whose(
  context: Context,
  { initiative, local }: Item,
  known: Map<string, Initiative>,
): { foot?: Html } {
  const found = local ? undefined : known.get(initiative)
  return found ? { foot: initiativeLink(context, found) } : {}
}
