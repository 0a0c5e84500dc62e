/** npm run real -- <file.jsonl>: published outcomes of real initiatives, one node for each, one aggregator that follows them all; then everything is counted. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ImportedOutcome, ReadItem } from '../content/import/imported.ts'
import type { Message, Outcome } from '../content/model.ts'
import { Refusal } from '../content/refusal.ts'
import { follow } from '../federation/follow.ts'
import type { Site } from '../federation/site.ts'
import type { Config } from '../server/config.ts'
import { type Running, startServer } from '../server/main.ts'
import { setUp } from '../server/setup.ts'
import { importAll, readAll } from './commands/import.ts'
import { needed } from './commands/command.ts'
import { account, aggregator } from './demo/places.ts'
import { phraseOf } from './real/phrases.ts'
import { progress, run, say, words } from './terminal.ts'

const WAIT_MS = 120_000
const LOOK_MS = 100
const ITEMS_MAX = 1000

const folder = mkdtempSync(join(tmpdir(), 'tributary-real-'))

const begin = (role: Config['role'], name: string): Promise<Running> =>
  startServer({
    role,
    host: '127.0.0.1',
    port: 0,
    origin: 'http://127.0.0.1:0',
    data: join(folder, name),
    privatePeers: true,
    log: 'error',
    metrics: false,
    proxies: 0,
  })

/** A node with the outcomes of one initiative, imported and published as an operator would. */
async function nodeOf(name: string, number: number, items: ReadItem[]): Promise<Running> {
  const node = await begin('node', `node-${number}`)
  const [first] = items.flatMap(({ item }) => (item ? [item] : []))
  const language = first?.language ?? 'en'
  await setUp(
    node.site,
    { name: { [language]: name }, acronym: `N${number}`, kind: 'national', languages: [language] },
    { ...account, role: 'host', language: 'en' },
  )
  const { wrong } = await importAll(node.site, items, { quiet: true })
  if (wrong > 0) throw new Refusal('invalid', 'terminal.import', { count: wrong })
  return node
}

async function hub(): Promise<Running> {
  const server = await begin('aggregator', 'hub')
  await setUp(server.site, aggregator.founding, { ...account, role: 'host', language: 'en' })
  return server
}

async function until(ask: () => Promise<boolean>): Promise<void> {
  for (let waited = 0; waited < WAIT_MS; waited += LOOK_MS) {
    if (await ask()) return
    await new Promise((done) => setTimeout(done, LOOK_MS))
  }
}

const outcomesIn = async ({ store }: Site): Promise<Outcome[]> =>
  (await store.find('items', { where: { type: 'outcome' }, limit: ITEMS_MAX })).filter(
    (item) => item.type === 'outcome',
  )

const messagesOf = async ({ store }: Site, { id }: Outcome): Promise<Message[]> =>
  (await store.find('items', { where: { outcome: id }, limit: ITEMS_MAX })).filter(
    (item) => item.type === 'message',
  )

interface Counts {
  outcomes: number
  messages: number
}

async function counted(site: Site): Promise<Counts> {
  const outcomes = await outcomesIn(site)
  const messages = await Promise.all(outcomes.map((outcome) => messagesOf(site, outcome)))
  return { outcomes: outcomes.length, messages: messages.flat().length }
}

/** Whether the aggregator finds an outcome by words of its own, in its own language, through its own search. */
async function isFound(site: Site, outcome: Outcome): Promise<boolean> {
  const q = phraseOf(outcome.text)
  const where = new URLSearchParams({ q: `"${q}"`, type: 'outcome', limit: '1000' })
  const answer = (await (await fetch(`${site.origin}/search.json?${String(where)}`)).json()) as {
    items: { id: string }[]
  }
  return answer.items.some(({ id }) => id === outcome.id)
}

const sum = (counts: Counts[], field: keyof Counts) =>
  counts.reduce((total, each) => total + each[field], 0)

/** Everything that was published against everything that is held. */
async function compare(center: Site, nodes: Site[], lines: number): Promise<void> {
  const published = await Promise.all(nodes.map(counted))
  const held = await outcomesIn(center)
  const found = await Promise.all(held.map((outcome) => isFound(center, outcome)))
  const { messages } = await counted(center)
  const figures = {
    initiatives: nodes.length,
    lines,
    outcomes: sum(published, 'outcomes'),
    messages: sum(published, 'messages'),
    heldOutcomes: held.length,
    heldMessages: messages,
    verified: held.filter(({ verified }) => verified).length,
    twice: held.length - new Set(held.map(({ id }) => id)).size,
    found: found.filter(Boolean).length,
  }
  say(words('terminal.real.counts', figures))
  const { outcomes, heldOutcomes, heldMessages, verified, twice } = figures
  const whole = outcomes === lines && heldOutcomes === outcomes && heldMessages === figures.messages
  if (!whole || verified !== outcomes || figures.found !== outcomes || twice > 0)
    throw new Refusal('conflict', 'terminal.real')
}

async function allRead({ store }: Site, count: number): Promise<boolean> {
  return (await store.count('pulls', { where: { standing: 'consistent' } })) === count
}

await run(async () => {
  const items = readAll(needed(process.argv.slice(2), 0, 'file'))
  const initiatives = Map.groupBy(
    items,
    ({ item }) => (item as ImportedOutcome | undefined)?.initiative ?? '',
  )
  const running: Running[] = []
  try {
    const center = await hub()
    running.push(center)
    const bar = progress(words('terminal.real.nodes'), initiatives.size)
    for (const [i, [name, own]] of [...initiatives].entries()) {
      const node = await nodeOf(name, i + 1, own)
      running.push(node)
      await follow(center.site, node.site.origin)
      bar.step(i + 1, name)
    }
    bar.end()
    await until(() => allRead(center.site, initiatives.size))
    const nodes = running.filter((each) => each !== center).map(({ site }) => site)
    await compare(center.site, nodes, items.length)
  } finally {
    await Promise.all(running.map((each) => each.close()))
    rmSync(folder, { recursive: true, force: true })
  }
})
