/** What somebody typed and has not published: kept on this server for that person alone, until they publish or discard it. */
import * as z from 'zod'
import type { Person } from '../../../content/parties.ts'
import { Refusal } from '../../../content/refusal.ts'
import type { Site } from '../../../federation/site.ts'
import type { Context } from '../../context.ts'
import { button, type Values } from '../../forms.ts'
import { type Html, html } from '../../html.ts'
import { moment } from '../parts/dates.ts'

const Kept = z.object({
  at: z.iso.datetime(),
  values: z.record(z.string(), z.union([z.string(), z.array(z.string())])),
})

export type Kept = z.infer<typeof Kept>

/** One for each person and form. */
export const keptId = ({ id }: Person, path: string): string => `form ${id} ${path}`

export async function keptAt(
  { store }: Site,
  person: Person,
  path: string,
): Promise<Kept | undefined> {
  const note = await store.get('notes', keptId(person, path))
  return note && Kept.safeParse(JSON.parse(note.value)).data
}

const TRIES_MAX = 5

/** In place of what was kept of this form before. */
export async function keep(site: Site, person: Person, path: string, values: Values) {
  const id = keptId(person, path)
  const value = JSON.stringify({ at: site.now(), values })
  for (let tries = 1; ; tries += 1) {
    const held = await site.store.get('notes', id)
    try {
      return await site.store.commit({ put: { notes: [{ ...held, id, value }] } })
    } catch (error) {
      const changed = error instanceof Refusal && error.reason === 'conflict'
      if (!changed || tries >= TRIES_MAX) throw error
    }
  }
}

export const dropKept = ({ store }: Site, person: Person, path: string): Promise<void> =>
  store.commit({ drop: { notes: [keptId(person, path)] } })

/** That something is kept, since when, and what can be done with it. */
export const keptNote = (context: Context, path: string, { at }: Kept): Html =>
  html`<div class="note"><p>${context.words.rich('kept.said', { moment: moment(context.words, at) })}</p>
<p class="buttons"><a class="button second" href="${path}?kept=1">${context.words('kept.go_on')}</a> ${button(context, `${path}?do=discard`, context.words('kept.discard'))}</p></div>`
