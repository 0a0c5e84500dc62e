/** The trail from a contribution to the version it changed, and from a version back to those who caused it. Pure. */
import type { Block, Contribution, Version } from './model.ts'
import { blockOf, textFor } from './versions.ts'

/** What the drafters say they took in, whole or in part. */
export const isTakenIn = ({ disposition }: Contribution): boolean =>
  disposition?.kind === 'accepted' || disposition?.kind === 'partly'

/** The key of the message a contribution is about. */
export const keyOf = ({ message }: Contribution): string | undefined =>
  message?.slice(message.lastIndexOf('/') + 1)

const original = ({ texts, language }: Version): Block[] => texts[language]?.blocks ?? []

/** The words of what a contribution is about, as a version has them: of one message, or of the whole. */
function wordsIn(version: Version, key: string | undefined): string {
  const blocks = original(version)
  if (key === undefined) return blocks.map(({ markdown }) => markdown).join('\n\n')
  return blockOf(blocks, key)?.markdown ?? ''
}

/**
 * The version that took a contribution in, as far as the record says: the first after the one it read in which what
 * it is about reads otherwise. Nothing when it was not accepted, or no such version is there yet.
 */
export function takenInBy(contribution: Contribution, versions: Version[]): Version | undefined {
  if (!isTakenIn(contribution)) return undefined
  const key = keyOf(contribution)
  const oldest = versions.toSorted((a, b) => a.version - b.version)
  const read = oldest.find(({ version }) => version === contribution.version) ?? oldest[0]
  if (!read) return undefined
  const words = wordsIn(read, key)
  return oldest.find((each) => each.version > read.version && wordsIn(each, key) !== words)
}

/** The contributions that each version took in, by its number. */
export function causesOf(
  contributions: Contribution[],
  versions: Version[],
): Map<number, Contribution[]> {
  const taken = contributions.flatMap((each) => {
    const version = takenInBy(each, versions)
    return version ? [{ version: version.version, each }] : []
  })
  const grouped = Map.groupBy(taken, ({ version }) => version)
  return new Map([...grouped].map(([number, found]) => [number, found.map(({ each }) => each)]))
}

/** A message in one version, in a language or the original: its number and its words. */
export function messageIn(version: Version | undefined, key: string, language: string) {
  const statement = version?.statements.find((each) => each.key === key)
  const found = version && textFor(version, language)
  const block = found && blockOf(found.text.blocks, key)
  return statement && block && { number: statement.number, block, language: found.language }
}
