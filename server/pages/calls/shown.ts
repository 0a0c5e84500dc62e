/** Proposals as everybody reads them: in lists, alone, and below the session they became part of. */
import { type Call, categoryName, type Proposal } from '../../../content/calls.ts'
import type { Session } from '../../../content/model.ts'
import { markdownToHtml, plainText } from '../../../content/text.ts'
import { label } from '../../../content/vocabulary.ts'
import type { Site } from '../../../federation/site.ts'
import type { Context } from '../../context.ts'
import { type Html, html, safe } from '../../html.ts'
import { direction, type Words } from '../../words.ts'
import { day } from '../parts/dates.ts'
import { localized } from '../parts/entries.ts'
import { own, pathOf, sessionPlace } from '../parts/links.ts'
import { mergedInto } from './find.ts'

const EXCERPT_LETTERS = 280

/** The sessions that some proposals became part of, by id: those that readers may see. */
export async function sessionsOfAll(
  { store }: Site,
  proposals: Proposal[],
): Promise<Map<string, Session>> {
  const ids = [...new Set(proposals.flatMap(({ session }) => session ?? []))]
  const found = await Promise.all(ids.map((id) => store.get('items', id)))
  return new Map(
    found.flatMap((item) =>
      item?.type === 'session' && item.visibility === 'shown' ? [[item.id, item] as const] : [],
    ),
  )
}

/** A title or a text in the language it was written in. */
export const inOwnLanguage = ({ language = 'und' }: Proposal, text: string): Html =>
  html`<bdi lang="${language}" dir="${language === 'und' ? 'auto' : direction(language)}">${text}</bdi>`

export const proposalTitle = (proposal: Proposal): Html =>
  inOwnLanguage(proposal, proposal.title ?? '')

/** One of a list: what it says in short, who proposed it, and what became of it. */
export function proposalEntry(
  { words }: Context,
  call: Call,
  proposal: Proposal,
  sessions: Map<string, Session>,
): Html {
  const text = plainText(markdownToHtml(proposal.text ?? ''))
  const short = text.length > EXCERPT_LETTERS ? `${text.slice(0, EXCERPT_LETTERS)}…` : text
  return html`<h3><a href="${pathOf(proposal.id)}">${proposalTitle(proposal)}</a></h3>
<p>${inOwnLanguage(proposal, short)}</p>
<p class="soft">${whose(words, call, proposal)}</p>
${became(words, proposal, sessions)}`
}

/** Who proposed it, for which group and organisation, when, and in which categories. */
export function whose(words: Words, call: Call, proposal: Proposal): Html {
  const { name, stakeholderGroup, affiliation, categories = [], published } = proposal
  const parts = [
    own(name),
    stakeholderGroup && label('stakeholder-groups', stakeholderGroup, words.language),
    affiliation && own(affiliation),
    day(words, published),
    own(words.list(categories.map((slug) => categoryName(call, slug, words.language)))),
  ]
  return html`${parts.filter(Boolean).map((each, i) => html`${i > 0 && ' · '}${each}`)}`
}

/** What the host made of it; nothing as long as nothing was decided. */
export function became(
  words: Words,
  { standing, session = '', reason = '' }: Proposal,
  sessions: Map<string, Session>,
): Html | false {
  if (standing === 'set_aside')
    return html`<p class="note">${words.rich('call.became.set_aside', { reason: own(reason) })}</p>`
  if (standing !== 'merged') return false
  const found = sessions.get(session)
  if (!found) return html`<p class="note">${words('call.became.merged_gone')}</p>`
  const link = html`<a href="${sessionPlace(found)}">${localized(words, found.title)}</a>`
  return html`<p class="note">${words.rich('call.became.merged', { session: link })}</p>`
}

/** Its whole text, as it was written. */
export function proposalWords({ language = 'und', text = '' }: Proposal): Html {
  const dir = language === 'und' ? 'auto' : direction(language)
  return html`<div class="words" lang="${language}" dir="${dir}">${safe(markdownToHtml(text))}</div>`
}

/** Below a session: the issues it came from. */
export async function issuesOf({ site, words }: Context, session: Session): Promise<Html | false> {
  const found = session.local ? await mergedInto(site, session.id) : []
  if (found.length === 0) return false
  return html`<h2>${words('call.issues')}</h2><ul class="plain">${found.map(
    (proposal) =>
      html`<li><a href="${pathOf(proposal.id)}">${proposalTitle(proposal)}</a> <small>${own(proposal.name)}</small></li>`,
  )}</ul>`
}
