/** Everything that a server says, in open formats: ActivityStreams as it was signed, Markdown that can be imported again, CSV, and the log. */
import {
  discussionFile,
  meetingFile,
  outcomeFiles,
  sessionFile,
} from '../../content/import/front-matter.ts'
import type { Item } from '../../content/model.ts'
import type { Table, Tables } from '../../content/store.ts'
import { followersOf, followingOf, groupId, outboxOf } from '../../federation/addresses.ts'
import { publicKeysOf } from '../../federation/keys.ts'
import { signedHead, verifierKeys } from '../../federation/log.ts'
import { canonical } from '../../federation/proofs.ts'
import type { Site } from '../../federation/site.ts'
import { groupToActor } from '../../federation/translate/actors.ts'
import { AS } from '../../federation/wire.ts'
import { toCsv, type Row } from '../csv.ts'
import { inWords } from '../context.ts'
import type { Words } from '../words.ts'
import type { Piece } from './zip.ts'

const PAGE = 200

/** All documents of a query, a page at a time. */
async function* all<T extends Table>(
  site: Site,
  table: T,
  where: Record<string, string> = {},
): AsyncGenerator<Tables[T]> {
  for (let skip = 0; ; skip += PAGE) {
    const found = await site.store.find(table, { where, order: 'oldest', skip, limit: PAGE })
    yield* found
    if (found.length < PAGE) return
  }
}

/** The files of an export, one after the other. Of participants only what everybody may read on the pages. */
export async function* everything(site: Site, words: Words): AsyncGenerator<Piece> {
  yield { name: 'README.md', content: readme(site, words) }
  yield* activityStreams(site)
  yield* markdown(site)
  for (const name of [
    'outcome',
    'message',
    'meeting',
    'session',
    'discussion',
    'contribution',
  ] as const)
    yield { name: `lists/${name}s.csv`, content: csv(site, name, words) }
  const { checkpoint } = await signedHead(site)
  yield { name: 'log/checkpoint.txt', content: checkpoint }
  yield { name: 'log/keys.json', content: JSON.stringify(await verifierKeys(site), null, 2) }
}

function readme(site: Site, words: Words): string {
  const parts = ['activitystreams', 'markdown', 'lists', 'log'] as const
  const lines = parts.map((name) => `- ${name}/: ${words(`export.readme.${name}`)}`)
  const said = words('export.readme.said', {
    origin: site.origin,
    moment: words.moment(site.now(), 'UTC'),
  })
  return `# ${words('export.title')}\n\n${said}\n\n${lines.join('\n')}\n\n${words('export.readme.people')}\n`
}

async function* activityStreams(site: Site): AsyncGenerator<Piece> {
  const id = groupId(site)
  const profile = await site.store.get('initiatives', id)
  const actor = profile && groupToActor(site, profile, await publicKeysOf(site.store, id))
  if (actor) yield { name: 'activitystreams/actor.json', content: canonical(actor) }
  yield { name: 'activitystreams/outbox.json', content: outbox(site) }
  yield {
    name: 'activitystreams/followers.json',
    content: await parties(site, followersOf(id), 'followers'),
  }
  yield {
    name: 'activitystreams/following.json',
    content: await parties(site, followingOf(id), 'following'),
  }
}

/** Each activity as the very text that was signed. */
async function* outbox(site: Site): AsyncGenerator<string> {
  const size = await site.store.last('public')
  const id = outboxOf(groupId(site))
  yield `{"@context":"${AS}","id":"${id}","type":"OrderedCollection","totalItems":${size},"orderedItems":[`
  for (let after = 0; after < size; after += PAGE) {
    const entries = await site.store.log('public', after, Math.min(PAGE, size - after))
    yield `${after > 0 ? ',\n' : '\n'}${entries.map(({ wire }) => wire).join(',\n')}`
  }
  yield ']}\n'
}

/** Servers and initiatives by name; people are counted, since nobody may read here whom they follow. */
async function parties(site: Site, id: string, table: 'followers' | 'following'): Promise<string> {
  const named: string[] = []
  let totalItems = 0
  for await (const each of all(site, table)) {
    totalItems += 1
    const actor = 'actor' in each ? each.actor : each.id
    const known = await site.store.get('actors', actor)
    if (known && known.type !== 'Person') named.push(actor)
  }
  return JSON.stringify(
    { '@context': AS, id, type: 'OrderedCollection', totalItems, orderedItems: named },
    null,
    2,
  )
}

const lastPart = (id: string) => id.slice(id.lastIndexOf('/') + 1)

async function* markdown(site: Site): AsyncGenerator<Piece> {
  for await (const item of all(site, 'items', { local: 'true', visibility: 'shown' })) {
    const content = fileOf(item)
    if (content) yield { name: `markdown/${item.type}s/${lastPart(item.id)}.md`, content }
  }
  for await (const draft of all(site, 'drafts')) {
    for (const [language, content] of outcomeFiles(draft)) {
      const ending = language === draft.language ? '' : `.${language}`
      yield { name: `markdown/outcomes/${draft.slug}${ending}.md`, content }
    }
  }
}

function fileOf(item: Item): string | undefined {
  if (item.type === 'meeting') return meetingFile(item)
  if (item.type === 'session') return sessionFile(item)
  return item.type === 'discussion' ? discussionFile(item) : undefined
}

const columns: Record<Item['type'], string[]> = {
  outcome: [
    'id',
    'title',
    'outcomeType',
    'state',
    'version',
    'year',
    'language',
    'messages',
    'meeting',
    'published',
  ],
  message: ['id', 'outcome', 'number', 'kind', 'consensus', 'state', 'year', 'language', 'text'],
  meeting: ['id', 'title', 'year', 'startsAt', 'endsAt', 'timeZone', 'mode', 'place'],
  session: ['id', 'title', 'meeting', 'sessionType', 'startsAt', 'endsAt', 'timeZone', 'room'],
  discussion: ['id', 'title', 'meeting', 'language', 'opensAt', 'closesAt', 'published'],
  contribution: [
    'id',
    'about',
    'inReplyTo',
    'authorName',
    'authorHandle',
    'brought',
    'language',
    'disposition',
    'published',
    'text',
  ],
}

/** A list of what everybody may read. Each piece brings the same header, which only the first keeps. */
async function* csv(site: Site, type: Item['type'], words: Words): AsyncGenerator<string> {
  const names = columns[type]
  const header = toCsv(names, [])
  yield `\uFEFF${header}`
  for await (const item of all(site, 'items', { type, local: 'true', visibility: 'shown' })) {
    const plain = { ...item, ...textOf(item, words) } as Record<string, unknown>
    const row: Row = Object.fromEntries(names.map((name) => [name, cell(plain[name])]))
    yield toCsv(names, [row]).slice(header.length)
  }
}

const cell = (value: unknown): string | number | undefined =>
  typeof value === 'string' || typeof value === 'number' ? value : undefined

function textOf(item: Item, words: Words): Record<string, string> {
  if (item.type === 'message') return { text: item.texts[item.language]?.markdown ?? '' }
  if (item.type === 'contribution' && item.brought)
    return { brought: item.brought.from ?? words('brought.mark') }
  return 'title' in item ? { title: inWords(item.title, words) } : {}
}
