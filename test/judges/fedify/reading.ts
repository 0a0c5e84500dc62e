/** What Fedify makes of a document: every standard property that goes in must come out of it. */
import { Object as ApObject } from '@fedify/vocab'
import jsonld from '@fedify/vocab-runtime/jsonld'
import { documentLoader, loaders } from './loopback.ts'

type Node = Record<string, unknown>

export interface Reading {
  /** The class that Fedify made of it. */
  type: string
  /** What Fedify did not give back equal, by where it stands. A term that no context explains is always lost. */
  lost: string[]
}

/** Terms beyond ActivityStreams that are in a context, but not in Fedify's vocabulary. */
const OTHERS = /^https:\/\/w3id\.org\/(tributary\/ns#|fep\/8a8e\/)/

/** The document is read, written anew from what was read, and both are compared in expanded form. */
export async function reading(json: string): Promise<Reading> {
  const document = JSON.parse(json) as object
  const [before] = (await jsonld.expand(document, { documentLoader })) as Node[]
  const object = await ApObject.fromJsonLd(document, loaders)
  const [after] = (await object.toJsonLd({ ...loaders, format: 'expand' })) as Node[]
  return { type: object.constructor.name, lost: lost(before, after, '') }
}

function lost(before: unknown, after: unknown, at: string): string[] {
  if (Array.isArray(before)) return lostOfList(before, after, at)
  if (!isNode(before)) return same(before, after) ? [] : [`${at} ${String(before)}`]
  if (!isNode(after)) return [at]
  return Object.entries(before)
    .filter(([name]) => !OTHERS.test(name))
    .flatMap(([name, value]) =>
      lost(value, after[name], `${at} ${name.replace(/.*[#/]/, '')}`.trim()),
    )
}

/** The order of a property's values says nothing. Fedify writes a list within a list, but reads it well. */
function lostOfList(before: unknown[], after: unknown, at: string): string[] {
  const found = (Array.isArray(after) ? after : []).flatMap((each: unknown) =>
    isNode(each) && at.endsWith('@list') ? (each['@list'] ?? each) : each,
  )
  return before.flatMap((each) => {
    const tries = found.map((other) => lost(each, other, at))
    return tries.sort((a, b) => a.length - b.length)[0] ?? [at]
  })
}

/** One instant may be written in several ways. */
const same = (a: unknown, b: unknown) =>
  a === b || (instant(a) !== undefined && instant(a) === instant(b))
const instant = (value: unknown) =>
  typeof value === 'string' && /^\d{4}-\d\d-\d\dT/.test(value) ? Date.parse(value) : undefined

const isNode = (value: unknown): value is Node => typeof value === 'object' && value !== null
