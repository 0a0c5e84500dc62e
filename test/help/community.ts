/** An invented initiative, set up and filled with the content of the demo, for tests that need something to read. */
import { join } from 'node:path'
import type { Pull } from '../../content/parties.ts'
import { groupId } from '../../federation/addresses.ts'
import { follow } from '../../federation/follow.ts'
import { syncPeer } from '../../federation/sync.ts'
import { importAll, readAll } from '../../scripts/commands/import.ts'
import { account, aggregator, initiatives, type Place } from '../../scripts/demo/places.ts'
import type { Config } from '../../server/config.ts'
import { setUp } from '../../server/setup.ts'
import { realClock, type TestServer, testServer, until } from './servers.ts'

export const host = account

const placeNamed = (name: string): Place => {
  const place = initiatives.find((each) => each.name === name)
  if (!place) throw new Error(`no demo initiative is called ${name}`)
  return place
}

/** A server with a name and a host account (`host`), and nothing else. */
export async function foundedServer(
  role: Config['role'] = 'node',
  clock: { now: () => string } = realClock,
  place: Place = role === 'aggregator' ? aggregator : placeNamed('coast'),
  more: Partial<Pick<Config, 'mail' | 'origin'>> = {},
): Promise<TestServer> {
  const server = await testServer(role, clock, more)
  await setUp(server.site, place.founding, { ...account, role: 'host', language: 'en' })
  return server
}

/** A node with all that the demo's initiative of this name publishes. */
export async function filledNode(
  name: 'coast' | 'oases' | 'valley' = 'coast',
  clock: { now: () => string } = realClock,
  more: Partial<Pick<Config, 'mail' | 'origin'>> = {},
): Promise<TestServer> {
  const place = placeNamed(name)
  const server = await foundedServer('node', clock, place, more)
  const folder = join(import.meta.dirname, '../../scripts/demo', String(place.content))
  const counts = await importAll(server.site, readAll(folder), { quiet: true })
  if (counts.wrong > 0) throw new Error(`the content of ${name} has mistakes`)
  return server
}

/** A node, and an aggregator that follows it. */
export async function followedNode(clock: {
  now: () => string
}): Promise<{ node: TestServer; river: TestServer; id: string }> {
  const [node, river] = await Promise.all([
    foundedServer('node', clock),
    foundedServer('aggregator', clock),
  ])
  await follow(river.site, node.origin)
  return { node, river, id: groupId(node.site) }
}

/** Pull what this node has said until all of it is read. */
export const readWhole = (reader: TestServer, node: TestServer): Promise<Pull> =>
  until(async () => {
    const id = groupId(node.site)
    await syncPeer(reader.site, id)
    const pull = await reader.site.store.get('pulls', id)
    const isWhole = pull?.after === (await node.site.store.last('public'))
    return isWhole && pull?.standing === 'consistent' && pull
  })
