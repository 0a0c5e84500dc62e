/** The files for running a server: what they name is there, what they start starts, and nginx and Caddy pass all that doctor asks for. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { settings } from '../../server/config.ts'
import { copyEverything } from '../../server/backups.ts'
import { createSite, openStore } from '../../server/site.ts'
import { addPerson } from '../../server/people.ts'
import { setUp } from '../../server/setup.ts'
import { account, initiatives } from '../../scripts/demo/places.ts'
import { until } from '../help/servers.ts'
import { begin, endProcesses, tributary } from '../scripts/run.ts'

const folder = mkdtempSync(join(tmpdir(), 'tributary-deploy-'))
const read = (name: string) => readFileSync(join('deploy', name), 'utf8')
const running = new Set<ChildProcess>()

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}

const answers = (url: string) =>
  fetch(url).then(
    ({ ok }) => ok,
    () => false,
  )

/** A command in the form of JSON behind a word of the Dockerfile. */
const commandOf = (word: string): string[] => {
  const found = new RegExp(`^${word} (\\[.*\\])$`, 'm').exec(read('Dockerfile'))
  return JSON.parse(found?.[1] ?? '[]') as string[]
}

after(async () => {
  await endProcesses()
  for (const child of running) child.kill('SIGTERM')
  await Promise.all([...running].map((child) => child.exitCode === null && once(child, 'exit')))
  rmSync(folder, { recursive: true, force: true })
})

describe('the Dockerfile', () => {
  const copied = [...read('Dockerfile').matchAll(/^COPY (?!--from)(.+) \S+$/gm)].flatMap(
    ([, names = '']) => names.split(' '),
  )

  it('copies what is there, is let in by .dockerignore, and takes the version of Node that the tests run on', () => {
    const ignored = readFileSync('.dockerignore', 'utf8').split('\n')
    for (const name of copied) {
      expect(existsSync(name), name).to.equal(true)
      expect(ignored, name).to.include(`!${name}`)
    }
    const { devDependencies } = JSON.parse(readFileSync('package.json', 'utf8')) as {
      devDependencies: { node: string }
    }
    const images = [...read('Dockerfile').matchAll(/^FROM node:(\S+?)-slim/gm)].map(
      ([, version]) => version,
    )
    expect(images).to.deep.equal([devDependencies.node, devDependencies.node])
    expect(read('Dockerfile'))
      .to.match(/^USER node$/m)
      .and.match(/^VOLUME \/data$/m)
  })

  it('starts a healthy server from what it copies, with the libraries of production alone', async () => {
    const app = join(folder, 'app')
    mkdirSync(join(app, 'node_modules'), { recursive: true })
    const last = read('Dockerfile').split('FROM ').at(-1) ?? ''
    for (const name of copied.filter((each) => last.includes(each))) {
      cpSync(name, join(app, name), { recursive: true })
    }
    const { dependencies } = JSON.parse(readFileSync('package.json', 'utf8')) as {
      dependencies: Record<string, string>
    }
    for (const name of Object.keys(dependencies)) {
      mkdirSync(join(app, 'node_modules', name, '..'), { recursive: true })
      symlinkSync(join(process.cwd(), 'node_modules', name), join(app, 'node_modules', name))
    }
    const port = String(await freePort())
    const env = {
      PATH: process.env.PATH,
      NODE_ENV: 'production',
      TRIBUTARY_PORT: port,
      TRIBUTARY_DATA: join(folder, 'data'),
    }
    const start = (command: string[]) => {
      const [, ...args] = command
      const child = spawn(process.execPath, args, { cwd: app, env, stdio: 'ignore' })
      running.add(child)
      return child
    }
    const server = start(commandOf('CMD'))
    const healthy = async () => {
      const [code] = (await once(start(commandOf('HEALTHCHECK .*CMD')), 'exit')) as [number]
      return code
    }
    expect(await healthy()).to.equal(1)
    await until(() => answers(`http://127.0.0.1:${port}/healthz`))
    expect(await healthy()).to.equal(0)
    server.kill('SIGTERM')
    const [code] = (await once(server, 'exit')) as [number]
    expect(code).to.equal(0)
  })
})

describe('the systemd unit and the other files', () => {
  it('name only settings that there are', () => {
    const known = settings.map(({ name }) => name)
    for (const file of [
      'Dockerfile',
      'compose.yaml',
      'Caddyfile',
      'nginx.conf',
      'tributary.service',
    ]) {
      for (const [name] of read(file).matchAll(/TRIBUTARY_[A-Z_]+/g))
        expect(known, file).to.include(name)
    }
  })

  it('pass systemd-analyze, which finds little exposed', function () {
    if (!existsSync('/usr/bin/systemd-analyze')) {
      this.test && (this.test.title += ' (skipped: systemd is not installed)')
      return this.skip()
    }
    const analyze = (...args: string[]) =>
      execFileSync('systemd-analyze', args, { encoding: 'utf8', stdio: 'pipe' })
    const unit = join(process.cwd(), 'deploy/tributary.service')
    expect(analyze('verify', unit)).to.equal('')
    const score = /exposure level for .*: ([\d.]+)/.exec(
      analyze('security', '--offline=yes', unit),
    )?.[1]
    expect(Number(score)).to.be.below(2.5)
  })
})

/** Whether this machine lacks something that these tests need; then their title says so. */
function lacks(suite: Mocha.Suite | undefined, paths: string[]): boolean {
  const missing = paths.find((path) => !existsSync(path))
  if (missing && suite) suite.title += ` (skipped: ${missing} is not installed)`
  return missing !== undefined
}

describe('nginx with our file in front of a server, with TLS', () => {
  before(function () {
    if (lacks(this.test?.parent, ['/usr/sbin/nginx', '/usr/bin/openssl'])) this.skip()
  })

  it('passes all that doctor asks for', async function () {
    this.timeout(60_000)
    const [port, publicPort] = [await freePort(), await freePort()]
    const [key, certificate] = [join(folder, 'key.pem'), join(folder, 'certificate.pem')]
    execFileSync(
      'openssl',
      ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-keyout', key, '-out', certificate].concat(
        ['-days', '2', '-subj', '/CN=127.0.0.1', '-addext', 'subjectAltName=IP:127.0.0.1'],
      ),
      { stdio: 'ignore' },
    )
    startNginx({ port, publicPort, key, certificate })
    await passesDoctor({ port, publicPort, certificate, data: join(folder, 'behind-nginx') })
  })
})

describe('Caddy with our file in front of a server, with TLS', () => {
  before(function () {
    if (lacks(this.test?.parent, ['/usr/bin/caddy'])) this.skip()
  })

  it('passes all that doctor asks for', async function () {
    this.timeout(60_000)
    const [port, publicPort] = [await freePort(), await freePort()]
    const certificate = await startCaddy(port, publicPort)
    await passesDoctor({ port, publicPort, certificate, data: join(folder, 'behind-caddy') })
  })
})

interface Front {
  port: number
  publicPort: number
  certificate: string
  data: string
}

/** A server behind the front that was started, and doctor, which finds nothing wrong but that this is a test. */
async function passesDoctor({ port, publicPort, certificate, data }: Front): Promise<void> {
  const origin = `https://127.0.0.1:${publicPort}`
  await prepared(origin, data)
  const environment = {
    TRIBUTARY_DATA: data,
    TRIBUTARY_ORIGIN: origin,
    TRIBUTARY_PORT: String(port),
    TRIBUTARY_PROXIES: '1',
    TRIBUTARY_PRIVATE_PEERS: 'allow',
    NODE_EXTRA_CA_CERTS: certificate,
  } as const
  begin('start.ts', [], environment)
  await until(() => answers(`http://127.0.0.1:${port}/healthz`))
  const { code, text } = await until(async () => {
    const found = await tributary(['doctor', '--json'], environment)
    return !found.text.includes('"check":"running","well":false') && found
  })
  const wrong = text.split('\n').flatMap((line) => {
    const { check, well } = line.startsWith('{')
      ? (JSON.parse(line) as Record<string, unknown>)
      : { well: true }
    return well ? [] : [check]
  })
  expect(wrong, text).to.deep.equal(['private_peers'])
  expect(code).to.equal(1)
}

async function prepared(origin: string, data: string): Promise<void> {
  const config = {
    role: 'node',
    host: '127.0.0.1',
    port: 0,
    origin,
    data,
    privatePeers: true,
    proxies: 1,
    log: 'silent',
    metrics: false,
  } as const
  const store = openStore(config)
  const site = createSite(config, store)
  const place = initiatives[0]
  if (!place) throw new Error('no demo initiative')
  await setUp(site, place.founding, { ...account, role: 'host', language: 'en' })
  const second = {
    name: 'Second',
    email: 'second@test.example',
    role: 'host',
    language: 'en',
  } as const
  await addPerson(site, { ...second, password: 'rivers run to the sea' })
  await copyEverything(site, `${data}.copy`)
  await site.fetch.close()
  await store.close()
}

/** The file as it is, with this machine's ports and certificate in the places of the example's. */
function startNginx(parts: {
  port: number
  publicPort: number
  key: string
  certificate: string
}): void {
  const [, , secure = ''] = read('nginx.conf').split(/^server /m)
  const adapted = `server ${secure}`
    .replace('listen 443 ssl', `listen 127.0.0.1:${parts.publicPort} ssl`)
    .replace('127.0.0.1:8080', `127.0.0.1:${parts.port}`)
    .replace(/ssl_certificate \S+;/, `ssl_certificate ${parts.certificate};`)
    .replace(/ssl_certificate_key \S+;/, `ssl_certificate_key ${parts.key};`)
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    (name) => `${name}_temp_path ${folder}/${name};`,
  )
  const conf = join(folder, 'nginx.conf')
  writeFileSync(
    conf,
    `pid ${folder}/nginx.pid; error_log ${folder}/error.log; daemon off; master_process off;
events {} http { access_log off; ${temporary.join(' ')} ${adapted} }`,
  )
  running.add(spawn('/usr/sbin/nginx', ['-p', folder, '-c', conf], { stdio: 'ignore' }))
}

/** The file as it is, on this machine's ports and with certificates of Caddy's own; answers where their root is. */
async function startCaddy(port: number, publicPort: number): Promise<string> {
  const storage = join(folder, 'caddy')
  const file = join(folder, 'Caddyfile')
  writeFileSync(
    file,
    `{
	admin off
	local_certs
	skip_install_trust
	default_bind 127.0.0.1
	default_sni 127.0.0.1
	http_port ${await freePort()}
	https_port ${publicPort}
	storage file_system ${storage}
}
${read('Caddyfile')}`,
  )
  const env = { HOME: folder, DOMAIN: '127.0.0.1', UPSTREAM: `127.0.0.1:${port}` }
  const args = ['run', '--config', file, '--adapter', 'caddyfile']
  running.add(spawn('/usr/bin/caddy', args, { env, stdio: 'ignore' }))
  const root = join(storage, 'pki/authorities/local/root.crt')
  await until(async () => existsSync(root))
  return root
}
