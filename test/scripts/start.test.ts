/** npm start: from the first line to the last signal, and every way in which a start goes wrong. */
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { connect, createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { expect } from 'chai'
import { SqliteStore } from '../../content/store/sqlite.ts'
import { begin, ended, endProcesses, expectRefused, forEach, type Settings } from './run.ts'

const folder = mkdtempSync(join(tmpdir(), 'tributary-start-'))
afterEach(endProcesses)
after(() => rmSync(folder, { recursive: true, force: true }))

const start = (settings: Settings) => begin('start.ts', [], settings)
const free = { TRIBUTARY_PORT: '0', TRIBUTARY_ORIGIN: 'http://127.0.0.1:0' } as const

/** Its address and the code for the setup, once it has said them. */
async function ready(child: ChildProcess): Promise<{ origin: string; code: string }> {
  let text = ''
  for await (const part of child.stdout ?? []) {
    text += String(part)
    const origin = /(http:\/\/127\.0\.0\.1:\d+) \(/.exec(text)?.[1]
    const code = /enter this code: (\S+)/.exec(text)?.[1]
    if (origin && code) return { origin, code }
  }
  throw new Error(`it ended: ${text}`)
}

describe('npm start', () => {
  /** One of them makes its own cache, as a first start does. */
  const ways: [NodeJS.Signals, Settings][] = [
    ['SIGTERM', { NODE_COMPILE_CACHE: undefined }],
    ['SIGINT', {}],
  ]
  for (const [signal, settings] of ways) {
    it(`says its address and setup code, answers, and ends in order at ${signal}`, async () => {
      const data = join(folder, signal, 'deep', 'data')
      const child = start({ ...free, ...settings, TRIBUTARY_DATA: data })
      const { origin, code } = await ready(child)
      expect(code).to.match(/\S{6,}/)
      const { status } = await fetch(`${origin}/healthz`)
      expect(status).to.equal(200)
      const end = once(child, 'exit')
      child.kill(signal)
      expect(await end).to.deep.equal([0, null])
    })
  }
})

describe('a server that is asked while it starts', () => {
  it('answers everybody, who came too early as well', async () => {
    const finder = createServer().listen(0, '127.0.0.1')
    await once(finder, 'listening')
    const { port } = finder.address() as AddressInfo
    finder.close()
    await once(finder, 'close')
    const origin = `http://127.0.0.1:${port}`
    const settings = { TRIBUTARY_PORT: String(port), TRIBUTARY_ORIGIN: origin }
    start({ ...settings, TRIBUTARY_DATA: join(folder, 'early') })
    const isThere = async () => {
      const socket = connect(port, '127.0.0.1')
      const [came] = await Promise.allSettled([once(socket, 'connect')])
      socket.destroy()
      return came.status === 'fulfilled'
    }
    while (!(await isThere()));
    const answers = Array.from({ length: 5 }, () => fetch(`${origin}/healthz`))
    for (const { status } of await Promise.all(answers)) expect(status).to.equal(200)
  })
})

describe('a start that cannot be', () => {
  const refused = async (settings: Settings, sentence: RegExp) =>
    expectRefused(
      await ended(start({ ...free, TRIBUTARY_DATA: join(folder, 'x'), ...settings })),
      sentence,
    )

  const settings: [Settings, RegExp][] = [
    [
      { TRIBUTARY_COLOUR: 'blue' },
      /setting TRIBUTARY_COLOUR is not known\. Known settings: TRIBUTARY_ROLE/,
    ],
    [{ TRIBUTARY_ROLE: 'king' }, /TRIBUTARY_ROLE is "king", but must be one of: node, aggregator/],
    [{ TRIBUTARY_PORT: '99999' }, /TRIBUTARY_PORT is "99999", but must be a number/],
    [
      { TRIBUTARY_ORIGIN: 'igf.example' },
      /TRIBUTARY_ORIGIN is "igf\.example", but must be an address/,
    ],
    [{ TRIBUTARY_ORIGIN: 'https://igf.example/forum' }, /without a path/],
    [{ TRIBUTARY_PRIVATE_PEERS: 'yes' }, /must be one of: allow, refuse/],
    [{ TRIBUTARY_PROXIES: '-1' }, /must be a whole number/],
    [{ TRIBUTARY_HOST: '203.0.113.7' }, /Cannot listen on 203\.0\.113\.7.*TRIBUTARY_HOST/],
  ]
  it('says which setting is wrong, and what it should be', () =>
    forEach(settings, ([wrong, sentence]) => refused(wrong, sentence)))

  it('in a folder that cannot be written says which', async () => {
    const file = join(folder, 'file')
    writeFileSync(file, '')
    await forEach([join(file, 'data'), '/proc/tributary', file], (data) =>
      refused({ TRIBUTARY_DATA: data }, /cannot be written.*TRIBUTARY_DATA/),
    )
  })

  it('on a port in use says which', async () => {
    const other = createServer().listen(0, '127.0.0.1')
    await once(other, 'listening')
    const { port } = other.address() as AddressInfo
    await refused(
      { TRIBUTARY_PORT: String(port) },
      new RegExp(`Port ${port} on 127.0.0.1 is already in use`),
    )
    other.close()
  })

  it('with a database that is newer, damaged or of another program says so', async () => {
    const data = mkdtempSync(join(folder, 'db-'))
    const path = join(data, 'tributary.sqlite')
    await new SqliteStore(path).close()
    const newer = new DatabaseSync(path)
    newer.exec('PRAGMA user_version = 7')
    newer.close()
    await refused(
      { TRIBUTARY_DATA: data },
      /newer version of Tributary \(format 7; this one knows 5\)/,
    )
    writeFileSync(path, 'x'.repeat(10_000))
    await refused({ TRIBUTARY_DATA: data }, /is damaged or is no Tributary database/)
    rmSync(path)
    const foreign = new DatabaseSync(path)
    foreign.exec('CREATE TABLE theirs (a)')
    foreign.close()
    await refused({ TRIBUTARY_DATA: data }, /is a database of another program/)
  })
})
