/** The public list of a call as CSV and as JSON: never where somebody lives or comes from. */
import { type Call, categoryName, type Proposal } from '../../../content/calls.ts'
import type { Site } from '../../../federation/site.ts'
import { inWords } from '../../context.ts'
import { type Row, sendCsv } from '../../csv.ts'
import { slugOf } from '../parts/links.ts'
import type { Show } from '../reading/find.ts'
import { callOf, publicOf } from './find.ts'

const PAGE_SIZE = 1000
const PROPOSALS_MAX = 5000

const columns = ['id', 'title', 'text', 'language', 'categories', 'stakeholderGroup'].concat([
  ...['affiliation', 'name', 'published', 'standing', 'session', 'reason'],
])

export const callCsv: Show = async ({ site, words }, req, res) => {
  const call = await callOf(site, req)
  const rows = (await publicList(site, call)).map((proposal): Row => {
    const { categories = [], ...line } = told(proposal)
    const names = categories.map((slug) => categoryName(call, slug, words.language))
    return { ...line, categories: names.join('; ') }
  })
  sendCsv(res, slugOf(call.id), columns, rows)
}

export const callJson: Show = async ({ site, words }, req, res) => {
  const call = await callOf(site, req)
  const { id, title, language, year, meeting, opensAt, closesAt, perPerson } = call
  const proposals = (await publicList(site, call)).map(told)
  res.json({
    ...{ id, title, language, year, meeting, opensAt, closesAt, perPerson },
    name: inWords(title, words),
    text: call.text,
    proposals,
  })
}

/** What everybody may know of a proposal. */
function told(proposal: Proposal) {
  const { id, title, text, language, categories, stakeholderGroup, affiliation, name } = proposal
  const { published, updated, standing, session, reason } = proposal
  return {
    ...{ id, title, text, language, categories, stakeholderGroup, affiliation, name },
    ...{ published, updated, standing, session, reason },
  }
}

async function publicList({ store }: Site, call: Call): Promise<Proposal[]> {
  const found: Proposal[] = []
  const query = { where: publicOf(call), order: 'oldest' as const, limit: PAGE_SIZE }
  while (found.length < PROPOSALS_MAX) {
    const page = await store.find('proposals', { ...query, skip: found.length })
    found.push(...page)
    if (page.length < PAGE_SIZE) break
  }
  return found
}
