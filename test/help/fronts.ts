/** Names in front of a real server on loopback, as a proxy gives them: each an address of its own, and any of them may go dark. */
import { once } from 'node:events'
import { createServer, request, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface Front {
  origin: string
  /** The port of the server behind it, from now on. */
  leadTo: (port: number) => void
  /** Nobody answers there any more, as when a domain is given up. */
  goDark: () => Promise<void>
}

const open = new Set<Server>()

/** An address that leads nowhere yet. The server behind it hears by which name it was called. */
export async function front(): Promise<Front> {
  let port = 0
  const server = createServer((req, res) => {
    const { method = 'GET', url: path = '/', headers } = req
    const passing = request({ host: '127.0.0.1', port, path, method, headers }, (came) => {
      res.writeHead(came.statusCode ?? 502, came.headers)
      came.pipe(res)
    })
    passing.on('error', () => res.destroy())
    req.pipe(passing)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  open.add(server)
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return { origin, leadTo: (to) => void (port = to), goDark: () => end(server) }
}

async function end(server: Server): Promise<void> {
  open.delete(server)
  server.closeAllConnections()
  await new Promise((done) => server.close(done))
}

export async function endFronts(): Promise<void> {
  await Promise.all([...open].map(end))
}
