/** What a host writes, small and right, for tests that change one thing of it. */
import type { Draft } from '../../content/model.ts'
import {
  type By,
  edit,
  type StepInput,
  type StepName,
  take,
  write,
} from '../../content/outcomes.ts'
import type { Written } from '../../content/outcomes.ts'

export const origin = 'https://igf.example'

export const at = (day: number) => `2026-05-${String(day).padStart(2, '0')}T10:00:00.000Z`
export const by = (day: number): By => ({ by: 'Awa', actor: `${origin}/actor`, at: at(day) })

export const written = (markdown = '- One\n- Two', more: Partial<Written> = {}): Written => ({
  language: 'en',
  texts: { en: { title: 'Messages', markdown } },
  year: 2026,
  tags: {},
  ...more,
})

export const identity = {
  id: `${origin}/outcomes/messages`,
  slug: 'messages',
  initiative: `${origin}/actor`,
}

const one = <T>(list: T[] | undefined): T => {
  if (list?.length !== 1) throw new Error(`expected one, found ${list?.length ?? 0}`)
  return list[0] as T
}

export const newDraft = (input: Written = written()): Draft =>
  one(write(input, identity, by(1)).put?.drafts)

/** What each step needs, given right. */
export const inputs: Record<StepName, StepInput> = {
  present: {},
  take_back: {},
  open: { closesAt: at(28) },
  revise: {},
  agree: { method: 'Rough consensus in the closing plenary' },
  publish: {},
  correct: { reason: 'A number was wrong' },
  withdraw: { reason: 'Published by mistake' },
}

/** The steps to each state by the main road. */
export const roads: Record<Draft['state'], StepName[]> = {
  draft: [],
  presented: ['present'],
  open_for_comment: ['open'],
  revised: ['open', 'revise'],
  agreed: ['open', 'agree'],
  published: ['open', 'agree', 'publish'],
  corrected: ['open', 'agree', 'publish', 'correct'],
  withdrawn: ['open', 'withdraw'],
}

/** The draft after some steps, one a day; the store is not needed to know it. */
export function afterSteps(names: StepName[], from: Draft = newDraft()): Draft {
  return names.reduce(
    (draft, name, day) => one(take(draft, name, inputs[name], by(day + 2)).put?.drafts),
    from,
  )
}

export const rewritten = (draft: Draft, input: Written, day = 20): Draft =>
  one(edit(draft, input, by(day)).put?.drafts)
