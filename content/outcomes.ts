/** The life of an outcome: what may follow what, what each step needs, and what it alters. Pure. */
import * as z from 'zod'
import { proseBlocks, readOutcomeText } from './blocks.ts'
import { checked, mistaken } from './checked.ts'
import type { Doing } from './doing.ts'
import { Agreement, Draft, type Step } from './model.ts'
import { At, Language, type OutcomeState, Standing, Tags, Url } from './values.ts'
import { Refusal } from './refusal.ts'
import type { Verb } from './rights.ts'
import { translated, wordsDigest } from './translations.ts'
import { cut } from './versions.ts'

/** What each step leads to, from where, whether the world sees it, who may take it, and what it asks for. */
export interface StepRule {
  to: OutcomeState
  from: OutcomeState[]
  public: boolean
  verb: Verb
  needs: ('period' | 'method' | 'reason')[]
}

export const steps = {
  present: { to: 'presented', from: ['draft'], public: false, verb: 'move_outcome', needs: [] },
  take_back: { to: 'draft', from: ['presented'], public: false, verb: 'move_outcome', needs: [] },
  open: {
    to: 'open_for_comment',
    from: ['draft', 'presented', 'revised'],
    public: true,
    verb: 'move_outcome',
    needs: ['period'],
  },
  revise: {
    to: 'revised',
    from: ['open_for_comment', 'revised'],
    public: true,
    verb: 'move_outcome',
    needs: [],
  },
  agree: {
    to: 'agreed',
    from: ['open_for_comment', 'revised'],
    public: true,
    verb: 'move_outcome',
    needs: ['method'],
  },
  publish: { to: 'published', from: ['agreed'], public: true, verb: 'publish_outcome', needs: [] },
  correct: {
    to: 'corrected',
    from: ['published', 'corrected'],
    public: true,
    verb: 'publish_outcome',
    needs: ['reason'],
  },
  withdraw: {
    to: 'withdrawn',
    from: ['open_for_comment', 'revised', 'agreed', 'published', 'corrected'],
    public: true,
    verb: 'withdraw_outcome',
    needs: ['reason'],
  },
} as const satisfies Record<string, StepRule>

export type StepName = keyof typeof steps

/** The type of outcome that reports on a year: prose, without messages of its own. */
export const ANNUAL_REPORT = 'annual_report'

/** The main road, as a line of steps shows it. */
export const road: OutcomeState[] = [
  'draft',
  'presented',
  'open_for_comment',
  'revised',
  'agreed',
  'published',
]

/** The steps that may follow now. */
export const nextSteps = (draft: Pick<Draft, 'state'>): StepName[] =>
  (Object.keys(steps) as StepName[]).filter((name) => isFrom(steps[name], draft.state))

const isFrom = ({ from }: { from: readonly OutcomeState[] }, state: OutcomeState) =>
  from.includes(state)

/** Who acts, for which actor on the wire, and when. */
export interface By {
  /** How the person is called in the record. */
  by: string
  /** The initiative's actor. */
  actor: string
  at: string
}

/** What a host writes of one language. */
export const WrittenText = z.object({
  title: z.string().trim().min(1).max(300),
  summary: z.string().max(5000).default(''),
  markdown: z.string().max(500_000),
  standing: Standing.default('original'),
})

/** What a host writes. `texts` holds the original under `language`, and its translations. */
export const Written = z.object({
  language: Language,
  texts: z.record(Language, WrittenText),
  outcomeType: z.string().max(60).default('messages'),
  meeting: Url.optional(),
  session: Url.optional(),
  year: z.number().int().min(1990).max(2100),
  tags: Tags,
  methodNote: z.string().max(5000).default(''),
  disclaimer: z.string().max(5000).default(''),
  licence: z.string().max(200).default('CC BY 4.0'),
  source: Url.optional(),
})

export type Written = z.input<typeof Written>

/** A new working copy, in state draft. Refusal `invalid` names each wrong field. */
export function write(
  input: Written,
  identity: { id: string; slug: string; initiative: string },
  { by, at }: By,
): Doing {
  const fields = checked(Written, input)
  const draft: Draft = {
    ...identity,
    ...fields,
    ...readTexts(fields),
    state: 'draft',
    steps: [{ state: 'draft', at, by }],
    version: 0,
    published: at,
    updated: at,
  }
  return { put: { drafts: [checked(Draft, draft)] } }
}

/**
 * New words for a working copy. A withdrawn outcome takes none. `read` is the translation that somebody has
 * held against the original: the others stay as they were, and may be behind it.
 */
export function edit(draft: Draft, input: Written, { at }: By, read?: string): Doing {
  if (draft.state === 'withdrawn') throw new Refusal('conflict', 'outcome.withdrawn')
  const fields = checked(Written, input)
  const { meeting: _meeting, session: _session, source: _source, ...kept } = draft
  const changed = { ...kept, ...fields, ...readTexts(fields, draft, read), updated: at }
  return { put: { drafts: [checked(Draft, changed)] } }
}

/** Read the original into blocks and statements, keeping known keys; then each translation against it. */
export function readTexts(
  {
    language,
    texts,
    outcomeType,
  }: Pick<z.infer<typeof Written>, 'language' | 'texts' | 'outcomeType'>,
  before?: Pick<Draft, 'texts' | 'statements' | 'language' | 'updated'>,
  read?: string,
): Pick<Draft, 'texts' | 'statements'> {
  const original = texts[language]
  if (!original) return mistaken('language', 'outcome.no_original')
  const previous = before && {
    statements: before.statements,
    blocks: (before.texts[language] ?? before.texts[before.language])?.blocks ?? [],
    at: before.updated,
  }
  const unnumbered = outcomeType === ANNUAL_REPORT
  const { blocks, statements } = unnumbered
    ? { blocks: proseBlocks(original.markdown), statements: [] }
    : readOutcomeText(original.markdown, previous)
  if (blocks.length === 0) return mistaken('markdown', 'field.required')
  const of = wordsDigest({ ...original, blocks })
  const all = Object.entries(texts).map(([each, text]) => {
    if (each === language) return [each, { ...text, standing: 'original' as const, blocks }]
    const held = each === read ? undefined : before?.texts[each]
    return [
      each,
      translated(text, {
        language: each,
        statements,
        of,
        blocks,
        unnumbered,
        ...(held ? { held } : {}),
      }),
    ]
  })
  return { texts: Object.fromEntries(all) as Draft['texts'], statements }
}

/** What a step was given: only what its rule names is used. */
export interface StepInput {
  opensAt?: string | undefined
  closesAt?: string | undefined
  method?: string
  agreedBy?: string
  reason?: string
}

/**
 * Take a step. Refusal `conflict` when it does not follow from the outcome's state, `invalid` when what it
 * needs is missing or makes no sense. A public step cuts a version and tells it to the world.
 */
export function take(draft: Draft, name: StepName, input: StepInput, by: By): Doing {
  const rule: StepRule = steps[name]
  if (!isFrom(rule, draft.state)) {
    throw new Refusal('conflict', 'outcome.step', { from: draft.state, to: rule.to })
  }
  const first = rule.public && draft.version === 0
  return moved(first ? { ...draft, published: by.at } : draft, rule, given(rule, input, by), by)
}

/** Publish at once what had its life elsewhere: it comes with its own date. */
export function publishImported(draft: Draft, published: string, by: By): Doing {
  if (draft.version > 0)
    throw new Refusal('conflict', 'outcome.step', { from: draft.state, to: 'published' })
  return moved({ ...draft, published }, { to: 'published', public: true }, {}, by)
}

type Given = Pick<Draft, 'comment' | 'agreed' | 'reason'>

function given({ needs }: StepRule, input: StepInput, { by, at }: By): Partial<Given> {
  return {
    ...(needs.includes('period') ? { comment: period(input, at) } : {}),
    ...(needs.includes('method') ? { agreed: agreement(input, by, at) } : {}),
    ...(needs.includes('reason') ? { reason: words(input.reason, 'reason') } : {}),
  }
}

function period(
  { opensAt, closesAt }: StepInput,
  at: string,
): { opensAt: string; closesAt: string } {
  const opens = instant(opensAt || at, 'opensAt')
  const closes = instant(words(closesAt, 'closesAt'), 'closesAt')
  if (closes <= at) return mistaken('closesAt', 'field.in_the_past')
  if (closes <= opens) return mistaken('closesAt', 'field.end_before_start')
  return { opensAt: opens, closesAt: closes }
}

const instant = (text: string, field: string) =>
  At.safeParse(text).data ?? mistaken(field, 'field.bad_date')

const agreement = ({ method, agreedBy }: StepInput, by: string, at: string) =>
  checked(Agreement, { method: words(method, 'method'), by: agreedBy || by, at })

function words(text: string | undefined, field: string): string {
  const trimmed = text?.trim() ?? ''
  return trimmed === '' ? mistaken(field, 'field.required') : trimmed
}

function moved(
  draft: Draft,
  rule: Pick<StepRule, 'to' | 'public'>,
  extra: Partial<Given>,
  { by, actor, at }: By,
): Doing {
  const version = draft.version + 1
  const note = extra.reason ?? extra.agreed?.method
  const step: Step = {
    state: rule.to,
    at,
    by,
    ...(note ? { note } : {}),
    ...(rule.public ? { version } : {}),
  }
  const next = checked(Draft, {
    ...draft,
    ...extra,
    state: rule.to,
    steps: [...draft.steps, step],
    updated: at,
  })
  if (!rule.public) return { put: { drafts: [next] } }
  const made = cut(next, at)
  const verb = rule.to === 'withdrawn' ? 'delete' : version === 1 ? 'create' : 'update'
  return {
    put: { drafts: [{ ...next, version }], versions: [made] },
    tell: [{ verb, item: draft.id, actor, at }],
  }
}
