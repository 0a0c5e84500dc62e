/** The load generator: requests made ready before, sent over some connections, one at a time on each. */
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'

export interface Load {
  /** Whole HTTP/1.1 requests. */
  requests: (string | Buffer)[]
  port: number
  connections: number
  /** No request is begun after this. */
  untilMs: number
}

export interface Sent {
  count: number
  seconds: number
  /** How often each status was answered. */
  statuses: Record<number, number>
  /** Of each request, in ms. */
  latencies: number[]
  bytes: number
}

/** Send them all, or as many as there is time for. */
export async function send({ requests, port, connections, untilMs }: Load): Promise<Sent> {
  const sent: Sent = { count: 0, seconds: 0, statuses: {}, latencies: [], bytes: 0 }
  const begun = performance.now()
  const queue = requests.values()
  const next = () => (performance.now() - begun < untilMs ? queue.next().value : undefined)
  await Promise.all(Array.from({ length: connections }, () => line(port, next, sent)))
  sent.seconds = (performance.now() - begun) / 1000
  return sent
}

/** One connection: it is opened anew when the other side has closed it. */
async function line(port: number, next: () => string | Buffer | undefined, sent: Sent) {
  let socket: Socket | undefined
  for (let request = next(); request !== undefined; request = next()) {
    socket = socket?.writable ? socket : await opened(port)
    const begun = performance.now()
    socket.write(request)
    const { status, bytes } = await answerOn(socket)
    sent.latencies.push(performance.now() - begun)
    sent.count += 1
    sent.bytes += bytes
    sent.statuses[status] = (sent.statuses[status] ?? 0) + 1
  }
  socket?.destroy()
}

async function opened(port: number): Promise<Socket> {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true })
  await once(socket, 'connect')
  return socket
}

/** 0 when the connection ended without an answer. */
function answerOn(socket: Socket): Promise<{ status: number; bytes: number }> {
  return new Promise((resolve) => {
    let text = ''
    const done = (status: number) => {
      socket.off('data', more).off('close', closed).off('error', closed)
      resolve({ status, bytes: text.length })
    }
    const closed = () => done(0)
    const more = (part: Buffer) => {
      text += part.toString('latin1')
      if (isWhole(text)) done(Number(text.slice(9, 12)))
    }
    socket.on('data', more).on('close', closed).on('error', closed)
  })
}

function isWhole(text: string): boolean {
  const end = text.indexOf('\r\n\r\n')
  if (end < 0) return false
  const head = text.slice(0, end).toLowerCase()
  if (head.includes('\r\ntransfer-encoding: chunked')) return text.endsWith('\r\n0\r\n\r\n')
  const length = /\r\ncontent-length: (\d+)/.exec(head)?.[1]
  return text.length >= end + 4 + Number(length ?? 0)
}

/** A GET as a browser asks. */
export const page = (path: string, host: string) =>
  `GET ${path} HTTP/1.1\r\nhost: ${host}\r\naccept: text/html\r\naccept-language: en\r\n\r\n`
