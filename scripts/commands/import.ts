/** tributary import <file, folder or address>: Markdown, JSON Lines, WordPress exports, feeds and sites; each mistake by its place, the rest goes on. */
import { createReadStream, existsSync, globSync, readFileSync, statSync } from 'node:fs'
import { join, relative } from 'node:path'
import { decoded } from '../../content/import/encodings.ts'
import { postsIn } from '../../content/import/feeds.ts'
import type { Found } from '../../content/import/posts.ts'
import { OF_ITS_YEAR } from '../../content/import/meetings.ts'
import { ROWS_MAX } from '../../content/imports.ts'
import { Url } from '../../content/values.ts'
import { meetingId } from '../../federation/addresses.ts'
import { foundAt } from '../../server/imports/addresses.ts'
import { itemFromLine } from '../../content/import/json-lines.ts'
import { itemFromMarkdown } from '../../content/import/markdown.ts'
import { proposed } from '../../content/import/proposals.ts'
import type { Imported, ReadItem } from '../../content/import/imported.ts'
import { areMany, isNews } from '../../content/import/telling.ts'
import { Refusal } from '../../content/refusal.ts'
import type { Site } from '../../federation/site.ts'
import {
  importItem,
  type ImportOptions,
  type ImportResult,
  type Translation,
} from '../../server/importing.ts'
import { type Brought, nothingBrought, tellBrought } from '../../server/imports/bulletin.ts'
import { meetingOf } from '../../server/imports/meetings.ts'
import { isSetUp } from '../../server/setup.ts'
import { counter, explain, progress, say, words } from '../terminal.ts'
import { needed, option, type Run } from './command.ts'
import { withSite } from './with-site.ts'

const FILE_BYTES_MAX = 100 * 1024 * 1024

/** Everything in a file or folder, in an order in which each thing finds what it belongs to. */
export function readAll(path: string): ReadItem[] {
  if (!existsSync(path)) throw new Refusal('missing', 'terminal.no_file', { path })
  const files = statSync(path).isDirectory()
    ? globSync('**/*.{md,jsonl}', { cwd: path })
        .sort()
        .map((name) => join(path, name))
        .filter((file) => !statSync(file, { throwIfNoEntry: false })?.isDirectory())
    : [path]
  const items = files.flatMap((file) => readFile(file, relative(path, file) || file))
  return items.sort((a, b) => rank(a.item) - rank(b.item))
}

const order: Imported['type'][] = ['meeting', 'session', 'outcome', 'discussion', 'translation']
const rank = (item: Imported | undefined) => (item ? order.indexOf(item.type) : -1)

function readFile(file: string, name: string): ReadItem[] {
  const wrong = (sentence: string) => [{ place: name, mistakes: [{ field: 'file', sentence }] }]
  const { size = 0 } = statSync(file, { throwIfNoEntry: false }) ?? {}
  if (size > FILE_BYTES_MAX) return wrong('import.too_large')
  const text = textOf(file)
  if (text === undefined) return wrong('import.unreadable')
  if (!file.endsWith('.jsonl')) return [itemFromMarkdown(name, text)]
  const lines = text.split('\n').map((line, i) => ({ line, place: `${name}:${i + 1}` }))
  return lines.filter(({ line }) => line.trim()).map(({ line, place }) => itemFromLine(place, line))
}

/** Nothing for what cannot be read: a link to nowhere, a file of somebody else. */
function textOf(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return undefined
  }
}

/** All posts of a WordPress export or a feed. Refusal `invalid` when it is broken: then none of it is brought in. */
export async function readPosts(path: string): Promise<ReadItem[]> {
  if (!existsSync(path)) throw new Refusal('missing', 'terminal.no_file', { path })
  if (statSync(path).size > FILE_BYTES_MAX) throw new Refusal('too_large', 'import.file_too_large')
  return itemsOf(postsIn(decoded(createReadStream(path)), { comments: true }))
}

/** All posts of a site by its address, asked for as the host's page does. Refusal when there are none, or it may not be asked. */
export async function readAddress(site: Site, address: string): Promise<ReadItem[]> {
  if (!Url.safeParse(address).success) throw new Refusal('invalid', 'field.bad_url')
  say(words('brought.asking', { address }))
  const count = counter((count) => words('brought.read', { count }))
  const items = await itemsOf(foundAt(site, address), count.step)
  count.end()
  if (items.length === 0) throw new Refusal('invalid', 'coming.nothing_found')
  return items
}

/** A site that lists a post again and again says nothing more to it: its comments are looked at once. */
async function itemsOf(
  posts: AsyncIterable<Found>,
  step: (count: number) => void = () => undefined,
): Promise<ReadItem[]> {
  const items: ReadItem[] = []
  const met = new Set<string>()
  for await (const found of posts) {
    if (items.length >= ROWS_MAX)
      throw new Refusal('too_large', 'coming.too_many', { most: ROWS_MAX })
    const item = await proposed(found)
    const { address = '' } = item.post ?? {}
    step(items.push(met.has(address) ? withoutComments(item) : item))
    if (address) met.add(address)
  }
  return items
}

const isAddress = (path: string) => /^[a-z][a-z0-9+.-]*:\/\//i.test(path)

/** A file is read before any server is looked for. */
const readHere = (path: string): ReadItem[] | Promise<ReadItem[]> =>
  /\.(xml|rss|atom)$/i.test(path) ? readPosts(path) : readAll(path)

const withoutComments = ({ post, ...read }: ReadItem): ReadItem =>
  post ? { ...read, post: { ...post, comments: [] } } : read

export interface Counts {
  imported: number
  known: number
  wrong: number
  /** Comments added to what was here already. */
  added: number
}

/**
 * Bring in all of it; what is wrong is said by its place and counted. A translation goes with its original.
 * What no follower is sent is counted in `brought`, to be told of in one post.
 */
export async function importAll(
  site: Site,
  items: ReadItem[],
  { draft = false, quiet = false, brought = nothingBrought(), meeting = '' } = {},
): Promise<Counts> {
  const counts: Counts = { imported: 0, known: 0, wrong: 0, added: 0 }
  const many = areMany(items.length)
  const bar = quiet ? undefined : progress(words('terminal.import.label'), items.length)
  const translationsOf = withOriginals(items)
  const done = new Set<Imported>()
  for (const [i, { place, item, mistakes, post }] of items.entries()) {
    bar?.step(i, place)
    try {
      if (!item) throw new Refusal('invalid', 'form', {}, mistakes)
      if (done.has(item)) continue
      const silent = !isNews(item, site.now(), many)
      const translations = item.type === 'outcome' ? (translationsOf.get(item.slug) ?? []) : []
      const placed = await underMeeting(site, item, post, meeting)
      const {
        result,
        items: made,
        added,
      } = await importTogether(site, placed, {
        draft,
        translations,
        quiet: silent,
        ...(post ? { post } : {}),
      })
      for (const each of [item, ...made]) done.add(each)
      counts[result] += made.length
      counts.added += added
      if (silent && result === 'imported') note(brought, item, draft)
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      counts.wrong += 1
      say(`\n${words('terminal.import.wrong', { place, why: explain(error) })}`)
    }
  }
  bar?.step(items.length)
  bar?.end()
  return counts
}

/** A post stands under one meeting, or under that of its year; what is no post says itself where it belongs. */
async function underMeeting(
  site: Site,
  item: Imported,
  post: ReadItem['post'],
  meeting: string,
): Promise<Imported> {
  const isPost = post && (item.type === 'outcome' || item.type === 'discussion')
  if (!isPost || meeting === '') return item
  const { year = Number(site.now().slice(0, 4)) } = post
  const slug = meeting === OF_ITS_YEAR ? await meetingOf(site, year, 'import') : meeting
  return { ...item, meeting: slug }
}

/** A draft is told of when it is published. */
function note(quiet: Brought, item: Imported, draft: boolean): void {
  if (item.type === 'translation') return
  if (item.type !== 'outcome') quiet[item.type === 'discussion' ? 'discussions' : 'meetings'] += 1
  else if (!draft && item.state !== 'draft') quiet.outcomes += 1
}

/** An outcome with its translations in its first version, when all fit; else alone, and each of them has its own turn. */
async function importTogether(
  site: Site,
  item: Imported,
  { translations = [], ...options }: ImportOptions,
): Promise<{ result: ImportResult; items: Imported[]; added: number }> {
  try {
    const { result, added } = await importItem(site, item, { ...options, translations })
    return { result, added, items: result === 'known' ? [item] : [item, ...translations] }
  } catch (error) {
    if (!(error instanceof Refusal) || translations.length === 0) throw error
    const { result, added } = await importItem(site, item, options)
    return { result, added, items: [item] }
  }
}

/** The translations whose original is among the same items, by its slug. */
function withOriginals(items: ReadItem[]): Map<string, Translation[]> {
  const here = new Set(items.flatMap(({ item }) => (item?.type === 'outcome' ? [item.slug] : [])))
  const all = items.flatMap(({ item }) => (item?.type === 'translation' ? [item] : []))
  return Map.groupBy(
    all.filter(({ of }) => here.has(of)),
    ({ of }) => of,
  )
}

/** `year`, or a meeting that is here. Refusal `invalid` for any other, before anything is brought in. */
async function meetingNamed(site: Site, name = ''): Promise<string> {
  if (name === '' || name === OF_ITS_YEAR) return name
  const held = await site.store.get('items', meetingId(site, name))
  if (held?.type === 'meeting' && held.visibility === 'shown') return name
  throw new Refusal('invalid', 'import.no_meeting', { meeting: name })
}

export const importing: Run = async (args, options) => {
  const path = needed(args, 0, 'file')
  const here = isAddress(path) ? undefined : await readHere(path)
  const only = option(options, 'initiative')
  await withSite(async (site) => {
    if (!(await isSetUp(site))) throw new Refusal('conflict', 'terminal.not_set_up')
    const items = here ?? (await readAddress(site, path))
    const wanted = items
      .filter(({ item }) => !only || !item || (item.type === 'outcome' && item.initiative === only))
      .map((each) => (options['no-comments'] === true ? withoutComments(each) : each))
    const brought = nothingBrought()
    const meeting = await meetingNamed(site, option(options, 'meeting'))
    const draft = options.draft === true
    const counts = await importAll(site, wanted, { draft, brought, meeting })
    await tellBrought(site, brought)
    say(words('terminal.import.done', { ...counts }))
    if (counts.added > 0) say(words('again.added', { count: counts.added }))
    if (counts.wrong > 0) throw new Refusal('invalid', 'terminal.import', { count: counts.wrong })
  })
}
