/** SECURITY-CLASSES G: copies of everything are for hosts alone, and say nothing to whoever guesses. */
import { expect } from 'chai'
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { foundedServer, host } from '../help/community.ts'
import { endServers, type TestServer } from '../help/servers.ts'
import { signedIn, signedInAs } from '../help/signed-in.ts'
import { visitor } from '../help/visitor.ts'

describe('copies of everything', () => {
  let node: TestServer
  before(async () => {
    node = await foundedServer()
  })
  after(endServers)
  const copies = () => {
    const folder = join(node.data, 'backups')
    return existsSync(folder) ? readdirSync(folder) : []
  }

  it('G a backup asked for by a stranger, by an editor, or from another site', async () => {
    const stranger = await visitor(node.origin).send('/host/backup', { present: host.password })
    expect(stranger.text.startsWith('SQLite')).to.equal(false)
    const editor = await signedInAs(node, 'editor')
    const { status } = await editor.fill('/host/account', '/host/backup', { present: 'x' })
    expect(status).to.equal(403)
    const cookies = (await signedIn(node)).cookies
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    const body = new URLSearchParams({ present: host.password })
    const headers = { cookie, origin: 'https://evil.example' }
    const foreign = await fetch(`${node.origin}/host/backup`, { method: 'POST', body, headers })
    expect(foreign.status).to.equal(403)
    expect(copies()).to.deep.equal([])
  })

  it('G the password for a backup guessed again and again with a stolen login', async () => {
    const guest = await signedIn(node)
    const statuses: number[] = []
    for (let i = 0; i < 11; i += 1) {
      const { status } = await guest.fill('/host/backup', '/host/backup', { present: `guess ${i}` })
      statuses.push(status)
    }
    expect(statuses.at(0)).to.equal(400)
    expect(statuses.at(-1)).to.equal(429)
    expect(copies()).to.deep.equal([])
  })
})
