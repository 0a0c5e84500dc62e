/** What an operator reads of a running server: its log, its measures, its health. */
import { expect } from 'chai'
import { groupId } from '../../federation/addresses.ts'
import { follow } from '../../federation/follow.ts'
import { createLog } from '../../server/log.ts'
import { filledNode, foundedServer } from '../help/community.ts'
import { endServers, testServer, type TestServer, until } from '../help/servers.ts'
import { visitor } from '../help/visitor.ts'

function reading(level: Parameters<typeof createLog>[0], isTerminal = false) {
  const lines: string[] = []
  const log = createLog(level, { write: (line) => void lines.push(line), isTerminal })
  return { lines, log }
}

describe('the log', () => {
  it('is one JSON object a line, with a level, a time, a message and its fields', () => {
    const { lines, log } = reading('info')
    log.error('delivering', { peer: 'https://igf.example', why: 'HTTP 500' })
    expect(lines).to.have.length(1)
    const { time, ...line } = JSON.parse(lines[0] ?? '') as Record<string, unknown>
    expect(line).to.deep.equal({
      level: 'error',
      message: 'delivering',
      peer: 'https://igf.example',
      why: 'HTTP 500',
    })
    expect(Date.parse(String(time))).to.be.a('number')
  })

  it('never shows a secret, however deep it stands', () => {
    const { lines, log } = reading('debug')
    const headers = { Authorization: 'Bearer s3cret', cookie: 's3cret', signature: 's3cret' }
    log.info('request', { headers, body: { fields: [{ _token: 's3cret', password: 's3cret' }] } })
    expect(lines.join('')).not.to.include('s3cret')
    expect(lines.join('')).to.include('[not logged]')
  })

  it('is as long as was asked for, and short for a person at a terminal', () => {
    for (const [level, count] of [
      ['silent', 0],
      ['error', 1],
      ['info', 2],
      ['debug', 3],
    ] as const) {
      const { lines, log } = reading(level, true)
      log.error('one', { why: 'two words' })
      log.info('two')
      log.debug('three')
      expect(lines, level).to.have.length(count)
      if (count > 0) expect(lines[0]).to.match(/^\d\d:\d\d:\d\d error one why="two words"\n$/)
    }
  })
})

describe('the measures', () => {
  let node: TestServer

  before(async () => {
    node = await testServer()
  })
  after(endServers)

  const measures = (headers: Record<string, string> = {}) =>
    fetch(`${node.origin}/metrics`, { headers })

  it('are read by this machine, and by nobody who comes through a proxy unless it was allowed', async () => {
    expect((await measures()).status).to.equal(200)
    for (const name of ['x-forwarded-for', 'forwarded', 'via'])
      expect((await measures({ [name]: '203.0.113.7' })).status, name).to.equal(404)
  })

  it('count what came to the inbox by its answer, and requests by route and never by address', async () => {
    const wrong = { method: 'POST', headers: { 'content-type': 'application/activity+json' } }
    await fetch(`${node.origin}/inbox`, { ...wrong, body: '[]' })
    await visitor(node.origin).get('/people/somebody-in-particular')
    const text = await (await measures()).text()
    expect(text).to.include('tributary_inbox_total{result="wire.json"} 1')
    expect(text).to.include('tributary_journal_backlog 0').and.include('tributary_log_entries 0')
    expect(text).to.include('tributary_oldest_waiting_seconds{queue="delivery"} 0')
    expect(text).to.match(/tributary_request_seconds_count\{route="\/inbox",status="4xx"\} 1/)
    expect(text).not.to.include('somebody-in-particular')
  })
})

describe('the reconciliation', () => {
  after(endServers)

  interface Health {
    reading: { id: string; published: number; held: number; missing: number; refused: object }[]
    sending?: { peer: string; behind: number }[]
  }

  const healthOf = async ({ origin }: TestServer, headers: Record<string, string> = {}) =>
    (await (await fetch(`${origin}/healthz`, { headers })).json()) as Health

  it('tells of each log what is published, held, missing and refused by reason, and to this machine who follows', async () => {
    const [node, river] = await Promise.all([filledNode(), foundedServer('aggregator')])
    await follow(river.site, node.origin)
    const id = groupId(node.site)
    const size = (await node.site.store.head()).size
    const accepted = async () => (await river.site.store.get('following', id))?.state === 'accepted'
    const all = async () => {
      const pull = await river.site.store.get('pulls', id)
      return pull?.standing === 'consistent' && pull.retryAt > river.site.now()
    }
    await until(accepted)
    await until(all)
    const { reading, sending } = await healthOf(river)
    const facts = { id, standing: 'consistent', published: size, held: size, missing: 0 }
    expect(reading).to.deep.equal([{ ...facts, refused: {} }])
    expect(sending).to.deep.equal([])
    const own = await healthOf(node)
    expect(own.sending?.[0]).to.include({ peer: river.origin, delivered: size, behind: 0 })
    expect(await healthOf(node, { 'x-forwarded-for': '203.0.113.7' })).not.to.have.property(
      'sending',
    )
    const pull = await river.site.store.get('pulls', id)
    const reasons = { 'proof.changed': 2 }
    if (pull) await river.site.store.commit({ put: { pulls: [{ ...pull, refused: 2, reasons }] } })
    expect((await healthOf(river)).reading[0]?.refused).to.deep.equal(reasons)
  })
})
