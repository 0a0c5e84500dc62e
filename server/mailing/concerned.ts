/** A piece of news, and whom it concerns: what somebody may follow to hear of it. */
import type { Call } from '../../content/calls.ts'
import type { Discussion, Meeting, Outcome, Session } from '../../content/model.ts'
import { ourGroups } from '../../federation/former.ts'
import type { Site } from '../../federation/site.ts'

/** An outcome's messages are looked at up to here. */
const MESSAGES_MAX = 200

export type Told = Outcome | Meeting | Session | Discussion

/** A call for issues is no item: it leads to a page, and is told of when it opens and before it closes. */
export interface Called {
  id: string
  type: 'call'
  title: Call['title']
  call: Call
}

export interface News {
  item: Told | Called
  /** Since when it is known: new, changed, or only answered. */
  what: 'new' | 'changed' | 'answered'
  contributions: number
  /** What somebody may follow to hear of it. */
  concerns: string[]
  /** Its page, where that is not its own address. */
  url?: string
  /** Whose it is, by language, where that is not this server’s initiative. */
  whose?: Record<string, string>
}

/** Itself, whose it is (under every name that had), its meeting and session, and its themes; an outcome has those of its messages too. */
export async function concerned(site: Site, item: Told): Promise<string[]> {
  const where = { type: 'message', outcome: item.id }
  const messages =
    item.type === 'outcome' ? await site.store.find('items', { where, limit: MESSAGES_MAX }) : []
  const themes = [item, ...messages].flatMap(({ tags }) => themesIn(tags))
  const meeting = 'meeting' in item && item.meeting ? [item.meeting] : []
  const session = 'session' in item && item.session ? [item.session] : []
  const ours = ourGroups(site)
  const whose = ours.includes(item.initiative) ? ours : [item.initiative]
  return [...new Set([item.id, ...whose, ...meeting, ...session, ...themes])]
}

/** A call concerns whoever follows the initiative, or the meeting it is for. */
export const concernedByCall = (site: Site, { meeting }: Call): string[] => [
  ...ourGroups(site),
  ...(meeting ? [meeting] : []),
]

const themesIn = ({ themes, actionLines, sdgs, gdc, topics }: Told['tags']): string[] => {
  const lists = { themes, 'action-lines': actionLines, sdgs, gdc, topics }
  return Object.entries(lists).flatMap(([list, slugs]) =>
    slugs.map((slug) => `theme:${list}/${slug}`),
  )
}
