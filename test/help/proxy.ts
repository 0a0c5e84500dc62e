/** A reverse proxy on loopback in front of a real server, as good or as bad as a test wants it. */
import { once } from 'node:events'
import { createServer, type IncomingMessage, request, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface Behaviour {
  /** The port it sends requests to. */
  port: number
  /** What it does to the headers of a request. */
  headers?: (headers: Record<string, string>, req: IncomingMessage) => void
  /** What it does to the body of an answer. */
  answer?: (text: string) => string
  /** What it does to the body that is sent. */
  body?: (text: string) => string
  /** Paths that it answers itself, with 404. */
  swallows?: RegExp
  /** What its clock says. */
  date?: string
}

export interface Proxy {
  origin: string
  port: number
  behave: (behaviour: Behaviour) => void
}

const proxies = new Set<Server>()

/** It listens before the server behind it does, since that must know its address. */
export async function startProxy(): Promise<Proxy> {
  let now: Behaviour = { port: 0 }
  const server = createServer((req, res) => {
    if (now.swallows?.test(req.url ?? '')) return void res.writeHead(404).end()
    const chunks: Buffer[] = []
    req.on('data', (chunk: Buffer) => chunks.push(chunk))
    req.on('end', () => {
      const sent = Buffer.concat(chunks).toString()
      const body = now.body ? now.body(sent) : sent
      const headers = { ...(req.headers as Record<string, string>) }
      headers['x-forwarded-for'] = '203.0.113.9'
      headers['x-forwarded-proto'] = 'https'
      delete headers['transfer-encoding']
      headers['content-length'] = String(Buffer.byteLength(body))
      now.headers?.(headers, req)
      const path = req.url ?? '/'
      const to = { host: '127.0.0.1', port: now.port, path, method: req.method ?? 'GET', headers }
      const passing = request(to, (came) => {
        const parts: Buffer[] = []
        came.on('data', (part: Buffer) => parts.push(part))
        came.on('end', () => {
          const text = Buffer.concat(parts)
          const out = now.answer ? Buffer.from(now.answer(text.toString())) : text
          const { 'transfer-encoding': _chunked, ...rest } = came.headers
          const date = now.date ? { date: now.date } : {}
          res.writeHead(came.statusCode ?? 502, { ...rest, ...date, 'content-length': out.length })
          res.end(out)
        })
      })
      passing.on('error', () => res.writeHead(502).end())
      passing.end(body)
    })
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  proxies.add(server)
  const { port } = server.address() as AddressInfo
  return { origin: `http://127.0.0.1:${port}`, port, behave: (behaviour) => void (now = behaviour) }
}

export function endProxies(): void {
  for (const server of proxies) {
    server.close()
    server.closeAllConnections()
  }
  proxies.clear()
}
