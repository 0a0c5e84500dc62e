/** How an initiative stands with us: what we say of it, and how much of its log we hold. */
import type { Initiative } from '../../../content/model.ts'
import type { Pull, RegistryEntry } from '../../../content/parties.ts'
import type { Site } from '../../../federation/site.ts'
import { type Html, html } from '../../html.ts'
import type { Words } from '../../words.ts'
import { moment } from '../parts/dates.ts'
import { divergence } from '../parts/divergence.ts'
import { reasonsList } from '../parts/reasons.ts'

const ENTRIES_MAX = 1000

export interface Listed {
  initiative: Initiative
  registry?: RegistryEntry
  pull?: Pull
}

/** All initiatives that are known here, by name of the acronym, with what we say and hold of each. */
export async function listedInitiatives({ store, origin }: Site): Promise<Listed[]> {
  const limit = { order: 'oldest', limit: ENTRIES_MAX } as const
  const [initiatives, entries, pulls] = await Promise.all([
    store.find('initiatives', limit),
    store.find('registry', limit),
    store.find('pulls', limit),
  ])
  const registry = new Map(entries.map((each) => [each.id, each]))
  const read = new Map(pulls.map((each) => [each.id, each]))
  return initiatives
    .filter(({ id }) => !id.startsWith(`${origin}/`))
    .map((initiative) => joined(initiative, registry.get(initiative.id), read.get(initiative.id)))
    .sort((a, b) => a.initiative.acronym.localeCompare(b.initiative.acronym))
}

export async function listedInitiative({ store }: Site, initiative: Initiative): Promise<Listed> {
  const [registry, pull] = await Promise.all([
    store.get('registry', initiative.id),
    store.get('pulls', initiative.id),
  ])
  return joined(initiative, registry, pull)
}

const joined = (initiative: Initiative, registry?: RegistryEntry, pull?: Pull): Listed => ({
  initiative,
  ...(registry ? { registry } : {}),
  ...(pull ? { pull } : {}),
})

/** Shown to everybody: applied and declined are between the two of us. */
export const isPublic = ({ registry, pull }: Listed): boolean =>
  pull !== undefined && registry?.standing !== 'declined' && registry?.standing !== 'applied'

/** One word with its shape for how the copy of a log stands. */
export const pullWord = (words: Words, pull: Pull | undefined): Html =>
  html`<span class="health" data-standing="${pull?.standing ?? 'new'}">${words(`health.${pull?.standing ?? 'new'}`)}</span>`

/** The report that proves that nothing was lost: published, held, missing, refused and why. */
export function healthFacts(words: Words, pull: Pull): Html {
  const missing = Math.max(0, pull.size - pull.after)
  return html`<dl class="facts">
<dt>${words('health.title')}</dt><dd>${pullWord(words, pull)}<br><small>${words(`pull.${pull.standing}`)}</small></dd>
<dt>${words('health.published')}</dt><dd>${words.number(pull.size)}</dd>
<dt>${words('health.held')}</dt><dd>${words.number(pull.held)}</dd>
<dt>${words('health.missing')}</dt><dd>${words.number(missing)}</dd>
<dt>${words('health.refused')}</dt><dd>${words.number(pull.refused)}${reasonsList(words, pull)}${refusals(words, pull)}</dd>
${pull.checkedAt !== undefined && html`<dt>${words('health.checked')}</dt><dd>${moment(words, pull.checkedAt)}</dd>`}
<dt>${words('proof.log_root')}</dt><dd class="code"><bdi>${pull.root}</bdi></dd>
</dl>${divergence(words, pull)}`
}

function refusals(words: Words, { refusals: refused }: Pull): Html | false {
  if (refused.length === 0) return false
  return html`<details><summary>${words('health.why')}</summary><ul>${refused.map(
    ({ seq, id, why }) =>
      html`<li>${words('health.entry', { number: seq })} <span class="code"><bdi>${id}</bdi></span><br>${words(`refusal.${why}`, { id, owner: '', name: '', field: '' })}</li>`,
  )}</ul></details>`
}
