/** A real SMTP server that takes every letter and prints, as lines of JSON, how many came and to how many addresses. */
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { SMTPServer } from 'smtp-server'

const BEAT_MS = 50

const addresses = new Set<string>()
let letters = 0
const server = new SMTPServer({
  authOptional: true,
  disabledCommands: ['STARTTLS', 'AUTH'],
  onData: (stream, session, done) => {
    stream.resume()
    stream.on('end', () => {
      letters += 1
      for (const { address } of session.envelope.rcptTo) addresses.add(address)
      done()
    })
  },
})
server.on('error', () => {})
const listening = server.listen(0, '127.0.0.1')
await once(listening, 'listening')
const { port } = listening.address() as AddressInfo
setInterval(
  () => console.log(JSON.stringify({ port, letters, addresses: addresses.size })),
  BEAT_MS,
)
