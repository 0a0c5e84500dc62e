/** Servers as processes of their own, which can be killed at any moment and started again with the same data. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openStore } from '../../server/site.ts'
import type { Config } from '../../server/config.ts'
import type { Site } from '../../federation/site.ts'
import { withSite } from '../../scripts/commands/with-site.ts'
import { compiled } from './compiled.ts'
import { until } from './servers.ts'

export interface ServerProcess {
  origin: string
  config: Config
  start: () => Promise<unknown>
  /** SIGKILL: no chance to finish anything. */
  kill: () => Promise<void>
  /** Something done in its store by this process, as a command at the terminal does it. */
  act: <T>(what: (site: Site) => Promise<T>) => Promise<T>
}

const folders: string[] = []
const running = new Set<ChildProcess>()

/** A free port of this machine: asked for and given back. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  return port
}

/** A server that is not started yet, in a new folder. */
export async function serverProcess(
  role: Config['role'],
  mail?: Config['mail'],
): Promise<ServerProcess> {
  const data = mkdtempSync(join(tmpdir(), 'tributary-process-'))
  folders.push(data)
  const port = await freePort()
  const origin = `http://127.0.0.1:${port}`
  const config: Config = {
    role,
    host: '127.0.0.1',
    port,
    origin,
    data,
    privatePeers: true,
    proxies: 0,
    log: 'error',
    metrics: false,
    ...(mail ? { mail } : {}),
  }
  await openStore(config).close()
  let child: ChildProcess | undefined
  const answers = () =>
    fetch(`${origin}/healthz`).then(
      ({ ok }) => ok,
      () => false,
    )
  /** Another program may have taken the port meanwhile: then it is tried again. */
  const start = () =>
    until(async () => {
      if (child?.signalCode) throw new Error(`the server died of ${child.signalCode}`)
      if (!child || child.exitCode !== null) child = spawned(config)
      return answers()
    })
  const kill = async () => {
    if (!child) return
    if (child.signalCode) throw new Error(`the server died of ${child.signalCode}`)
    const ended = child.exitCode === null ? once(child, 'exit') : undefined
    child.kill('SIGKILL')
    await ended
    running.delete(child)
    child = undefined
  }
  return { origin, config, start, kill, act: (what) => withSite(what, config) }
}

function spawned({ role, port, origin, data, mail }: Config): ChildProcess {
  const child = spawn(process.execPath, [join(import.meta.dirname, '../../scripts/start.ts')], {
    stdio: 'ignore',
    env: {
      ...process.env,
      ...compiled,
      TRIBUTARY_ROLE: role,
      TRIBUTARY_PORT: String(port),
      TRIBUTARY_ORIGIN: origin,
      TRIBUTARY_DATA: data,
      TRIBUTARY_PRIVATE_PEERS: 'allow',
      ...(mail ? { TRIBUTARY_SMTP: mail.smtp, TRIBUTARY_MAIL_FROM: mail.from } : {}),
    },
  })
  running.add(child)
  return child
}

export async function endProcesses(): Promise<void> {
  for (const child of running) child.kill('SIGKILL')
  running.clear()
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true })
}
