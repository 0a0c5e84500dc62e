/** Discussions: the list, and each with its thread. */
import type { Request, Response } from 'express'
import { isOpen } from '../../../content/discussions.ts'
import type { Discussion } from '../../../content/model.ts'
import { type Context, inWords, languageIn, sendPage } from '../../context.ts'
import { feedLinks } from '../../feeds.ts'
import { type Html, html, safe, type Value } from '../../html.ts'
import { page } from '../../layout.ts'
import { direction } from '../../words.ts'
import { callsLink } from '../calls/open.ts'
import { moment } from '../parts/dates.ts'
import { discussionEntry, entries } from '../parts/entries.ts'
import { followBox } from '../parts/follow.ts'
import { discussionPlace, placeAt } from '../parts/links.ts'
import { pageNumber, pager } from '../parts/pager.ts'
import { timeLeft } from '../parts/stages.ts'
import { tagList } from '../parts/tags.ts'
import { answerSections, type Typed } from './answer.ts'
import { alternate, contributionsTo, countShown, itemOf, type Show, shownItems } from './find.ts'
import { initiativesById, originNote, whose } from './origin.ts'
import { threadSection } from './threads.ts'

const PAGE_SIZE = 20

export const discussionsPage: Show = async (context, req, res) => {
  const { site, words } = context
  const skip = (pageNumber(req) - 1) * PAGE_SIZE
  const [discussions, total] = await Promise.all([
    shownItems(site, 'discussion', { skip, limit: PAGE_SIZE }),
    countShown(site, 'discussion'),
  ])
  const title = words('discussions.title')
  const known = site.policy.gathers ? await initiativesById(context) : new Map()
  const list = discussions.map((each) =>
    discussionEntry(context, each, { level: 2, ...whose(context, each, known) }),
  )
  const body = html`<h1>${title}</h1>
${list.length > 0 ? entries(list) : html`<p class="lead">${words('discussions.none')}</p>`}
${pager(words, req, { total, size: PAGE_SIZE })}
${await callsLink(context)}`
  sendPage(res, page(context, { title, body, here: 'discussions', feeds: feedLinks('/', title) }))
}

export const discussionPage: Show = async (context, req, res) => {
  await showDiscussion(context, await itemOf(context.site, 'discussion', req), req, res)
}

/** The page, also after a mistake in its form. */
export async function showDiscussion(
  context: Context,
  discussion: Discussion,
  req: Request,
  res: Response,
  typed?: Typed,
): Promise<void> {
  const { site, words } = context
  const { id: about } = discussion
  const contributions = await contributionsTo(site, { about })
  const path = discussionPlace(discussion)
  const open = isOpen(discussion, site.now())
  const elsewhere = !discussion.local
  const body = html`${question(context, discussion, await originNote(context, discussion))}
${threadSection(context, req, { contributions, path, open: open && !elsewhere })}
${answerSections(context, req, { about, path, open, elsewhere, contributions, ...(typed ? { typed } : {}) })}`
  alternate(res, about)
  const title = inWords(discussion.title, words)
  const feeds = feedLinks(`${path}/`, title)
  sendPage(res, page(context, { title, body, here: 'discussions', feeds }), typed ? 400 : 200)
}

function question(context: Context, discussion: Discussion, origin: Value): Html {
  const { words, site } = context
  const { title, language, html: text, opensAt, meeting, tags, local } = discussion
  const titled = languageIn(title, words)
  return html`<h1 lang="${titled}" dir="${direction(titled)}">${inWords(title, words)}</h1>
${origin}
<p class="note">${timeLeft(words, discussion, site.now(), context.zone)}${
    opensAt !== undefined && html` · ${words('discussions.since')} ${moment(words, opensAt)}`
  } · <a href="#answer">${words('outcome.how_to_answer')}</a></p>
<div class="words" lang="${language}" dir="${direction(language)}">${safe(text)}</div>
${tagList(words, tags)}
${followBox(context, { feeds: `${discussionPlace(discussion)}/`, title: inWords(title, words), actor: discussion.initiative, mail: discussion.local ? discussion.id : undefined })}
${meeting !== undefined && html`<p><a href="${placeAt('meetings', meeting, local)}">${words('facts.to_meeting')}</a></p>`}`
}
