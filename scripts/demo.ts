/** npm run demo: an aggregator and three invented initiatives, each its own process, federating on this machine. */
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { applyTo, setStanding } from '../federation/follow.ts'
import type { Site } from '../federation/site.ts'
import type { Config } from '../server/config.ts'
import { makeFolder } from '../server/folder.ts'
import { isSetUp, setUp } from '../server/setup.ts'
import { withSite } from './commands/with-site.ts'
import { importAll, readAll } from './commands/import.ts'
import { converse } from './demo/conversation.ts'
import { account, aggregator, initiatives, type Place } from './demo/places.ts'
import { progress, run, say, words } from './terminal.ts'

const WAIT_MS = 45_000
const LOOK_MS = 250

const { values } = parseArgs({ options: { data: { type: 'string' }, port: { type: 'string' } } })
const first = Number(values.port ?? 8000)
const folder = values.data ? resolve(values.data) : mkdtempSync(join(tmpdir(), 'tributary-demo-'))
const places = [aggregator, ...initiatives]

const configOf = (place: Place): Config => ({
  role: place.role,
  host: '127.0.0.1',
  port: first + place.port,
  origin: `http://127.0.0.1:${first + place.port}`,
  data: join(folder, place.name),
  privatePeers: true,
  log: 'error',
  metrics: false,
  proxies: 0,
})

const inPlace = <T>(place: Place, act: (site: Site) => Promise<T>) => withSite(act, configOf(place))

/** Name, account and content of one server, written before it is started. */
async function prepare(place: Place): Promise<void> {
  makeFolder(configOf(place).data)
  await inPlace(place, async (site) => {
    if (await isSetUp(site)) return
    await setUp(site, place.founding, { ...account, role: 'host', language: 'en' })
    if (!place.content) return
    await importAll(site, readAll(join(import.meta.dirname, 'demo', place.content)), {
      quiet: true,
    })
  })
}

const started = new Map<Place, ChildProcess>()
let stopping = false

function start(place: Place): void {
  const { role, port, origin, data } = configOf(place)
  const child = spawn(process.execPath, [join(import.meta.dirname, 'start.ts')], {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: {
      ...process.env,
      TRIBUTARY_ROLE: role,
      TRIBUTARY_PORT: String(port),
      TRIBUTARY_ORIGIN: origin,
      TRIBUTARY_DATA: data,
      TRIBUTARY_PRIVATE_PEERS: 'allow',
    },
  })
  let last = ''
  child.stderr.on('data', (text: Buffer) => (last = (last + text.toString()).slice(-2000)))
  child.on('exit', (code) => {
    started.delete(place)
    if (stopping) return
    say(`${words('terminal.demo.ended', { name: place.name, code: code ?? 0 })}\n${last}`)
    void stop(1)
  })
  started.set(place, child)
}

/** End all four, wait for each, and leave. */
async function stop(code = 0): Promise<void> {
  if (stopping) return
  stopping = true
  const ends = [...started.values()].map((child) => new Promise((done) => child.once('exit', done)))
  for (const child of started.values()) child.kill('SIGTERM')
  await Promise.all(ends)
  say(words('terminal.demo.stopped'))
  process.exit(code)
}

async function until(ask: () => Promise<boolean>): Promise<void> {
  const end = Date.now() + WAIT_MS
  while (!(await ask().catch(() => false))) {
    if (Date.now() > end) throw new Error('The demo servers did not get ready in time.')
    await new Promise((done) => setTimeout(done, LOOK_MS))
  }
}

const answers = (place: Place) => async () => (await fetch(`${configOf(place).origin}/healthz`)).ok

/** Each initiative applies, the Secretariat lists it, and its history is read. */
async function federate(bar: ReturnType<typeof progress>): Promise<void> {
  for (const place of initiatives) {
    await inPlace(place, (site) => applyTo(site, configOf(aggregator).origin))
  }
  for (const [i, place] of initiatives.entries()) {
    const actor = `${configOf(place).origin}/actor`
    await inPlace(aggregator, async (site) => {
      await until(async () => (await site.store.get('registry', actor)) !== undefined)
      await setStanding(site, actor, 'listed', { by: account.name })
    })
    bar.step(5 + i, place.name)
  }
  await converse(initiatives, inPlace, (place) => configOf(place).origin)
  await inPlace(aggregator, ({ store }) =>
    until(
      async () =>
        (await store.count('pulls', { where: { standing: 'consistent' } })) === initiatives.length,
    ),
  )
  bar.step(8)
}

await run(async () => {
  process.once('SIGINT', () => void stop())
  process.once('SIGTERM', () => void stop())
  const bar = progress(words('terminal.demo.preparing'), 8)
  for (const [i, place] of places.entries()) {
    await prepare(place)
    bar.step(i + 1, place.name)
  }
  for (const place of places) start(place)
  for (const place of places) await until(answers(place))
  await federate(bar)
  bar.end()
  say(`\n${words('terminal.demo.ready')}\n`)
  for (const place of places)
    say(`  ${configOf(place).origin}  ${Object.values(place.founding.name)[0] ?? ''}`)
  say(`\n${words('terminal.demo.login', { email: account.email, password: account.password })}`)
  say(words('terminal.demo.stop'))
})
