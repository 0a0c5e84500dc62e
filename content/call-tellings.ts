/** What is told of a call for issues to those who follow: when, and what becomes of it when the call changes afterwards. Pure. */
import { Call, isTaking, type Told } from './calls.ts'
import { checked } from './checked.ts'

/** The reminder comes so long before a call closes; of a short call, in its last quarter. */
const REMINDED_MS = 3 * 24 * 3600_000
/** A deadline that moves by less than this is no reason to remind once more. */
const AGAIN_MS = 24 * 3600_000
/** A host who opens and closes a call again and again tells of it so often at most. */
const TELLINGS_MAX = 8

/** What is told anew: that it is open, and that it closes soon. */
export type Telling = 'opened' | 'closing'
/** What a Note about it says, now: since it changed, also that it is not open yet, or no longer. */
export type Saying = Telling | 'later' | 'closed'

/** One Note about a call, word for word, and which of its kind it is. */
export interface Note {
  telling: Telling
  /** 1 for the first of its kind; the others are numbered through. */
  number: number
  told: Told
}

/** All that was told of it, in the order in which it was. */
export function notesOf({ told = {} }: Call): Note[] {
  const { opened, closing, again = [] } = told
  return [
    ...(opened ? [{ telling: 'opened' as const, number: 1, told: opened }] : []),
    ...(closing ? [{ telling: 'closing' as const, number: 1, told: closing }] : []),
    ...again.map(({ telling, ...said }, i) => ({ telling, number: i + 2, told: said })),
  ]
}

/** How a call stands for whoever hears of it at this moment. */
export function standingAt(call: Call, at: string): Saying {
  if (at < call.opensAt) return 'later'
  if (at >= call.closesAt) return 'closed'
  return Date.parse(at) < remindedFrom(call) ? 'opened' : 'closing'
}

function remindedFrom({ opensAt, closesAt }: Call): number {
  const [opens, closes] = [Date.parse(opensAt), Date.parse(closesAt)]
  return closes - Math.min(REMINDED_MS, (closes - opens) / 4)
}

const isOver = ({ says }: Pick<Told, 'says'>): boolean => says === 'later' || says === 'closed'

/**
 * What is to be told at this moment and was not yet: once when it opens and once before it closes; and once more when
 * it opens again, or when its deadline has moved away from the last reminder. No reminder right behind the news that it is open.
 */
export function dueTelling(call: Call, at: string): Telling | undefined {
  if (!isTaking(call, at)) return undefined
  const notes = notesOf(call)
  const last = (wanted: Telling) => notes.findLast(({ telling }) => telling === wanted)?.told
  const [opened, reminded] = [last('opened'), last('closing')]
  if (!opened) return 'opened'
  if (notes.length >= TELLINGS_MAX) return undefined
  if (isOver(opened)) return 'opened'
  const from = remindedFrom(call)
  const fresh = Date.parse(opened.at) >= from
  const again = reminded && Date.parse(reminded.at) > from - AGAIN_MS
  return fresh || again || Date.parse(at) < from ? undefined : 'closing'
}

/** The call with what was told of it: it is told once. */
export function tell(call: Call, telling: Telling, said: Told): Call {
  const { told = {} } = call
  const again = [...(told.again ?? []), { telling, ...said }]
  return checked(Call, {
    ...call,
    told: told[telling] ? { ...told, again } : { ...told, [telling]: said },
  })
}

/** Notes that nobody has looked at since the call changed, each with what it would say now. What says that a call is over stays: when it opens again, that is told anew. */
export function unlooked(call: Call, at: string): (Note & { says: Saying })[] {
  const { updated } = call
  if (!updated) return []
  const standing = standingAt(call, at)
  const over = isOver({ says: standing })
  return notesOf(call)
    .filter(({ told }) => (told.lookedAt ?? told.at) < updated && (over || !isOver(told)))
    .map((note) => {
      const kept = note.told.says ?? note.telling
      return { ...note, says: standing === 'closing' ? kept : standing }
    })
}

/** The call with other words in one of its Notes, or the same ones looked at. */
export function retold(call: Call, { telling, number }: Note, told: Told): Call {
  const before = call.told ?? {}
  const again = before.again?.map((each, i) => (i + 2 === number ? { telling, ...told } : each))
  const next = number === 1 ? { ...before, [telling]: told } : { ...before, again }
  return checked(Call, { ...call, told: next })
}
