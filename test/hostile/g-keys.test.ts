/** SECURITY-CLASSES G and I, for the page of the keys: who may not replace or revoke them, and what nobody can. */
import { expect } from 'chai'
import { groupId } from '../../federation/addresses.ts'
import { foundedServer } from '../help/community.ts'
import { endServers, testClock, type TestServer } from '../help/servers.ts'
import { signedIn, signedInAs } from '../help/signed-in.ts'
import { tokenIn, visitor } from '../help/visitor.ts'

const HOUR_MS = 3600_000

describe('hostile G: the keys', () => {
  let node: TestServer
  const clock = testClock()

  before(async () => {
    node = await foundedServer('node', clock)
    clock.forward(HOUR_MS)
  })
  after(endServers)

  const current = async () => (await node.site.key(groupId(node.site), 'ed25519')).id
  const forms = async () => [
    { do: 'rotate', owner: groupId(node.site) },
    { do: 'look', key: await current(), since: '' },
    { do: 'revoke', key: await current(), since: '' },
  ]

  it('G keys replaced or revoked by an editor, by a stranger, or by a form without its token', async () => {
    const key = await current()
    const [editor, noor, stranger] = [
      await signedInAs(node, 'editor'),
      await signedIn(node),
      visitor(node.origin),
    ]
    expect((await editor.get('/host/keys')).status).to.equal(403)
    const token = tokenIn((await editor.get('/host/account')).text)
    for (const fields of await forms()) {
      expect((await editor.send('/host/keys', fields, token)).status).to.equal(403)
      expect((await noor.send('/host/keys', fields, token)).status).to.equal(403)
      expect((await stranger.send('/host/keys', fields)).url).to.equal('/login')
    }
    expect(await current()).to.equal(key)
    expect(await node.site.store.count('keys', {})).to.equal(4)
  })

  it('I a key revoked as of a time in which it was not valid, in the future, or that is nobody’s here', async () => {
    const noor = await signedIn(node)
    const token = tokenIn((await noor.get('/host/account')).text)
    const key = await current()
    for (const since of ['2020-01-01T00:00', '2099-01-01T00:00', 'yesterday', '9999999999999999'])
      for (const verb of ['look', 'revoke']) {
        const { status } = await noor.send('/host/keys', { do: verb, key, since }, token)
        expect(status, `${verb} ${since}`).to.equal(400)
      }
    for (const wrong of ['https://other.example/actor#main-key', '__proto__', `${key}x`]) {
      const { status } = await noor.send('/host/keys', { do: 'revoke', key: wrong }, token)
      expect(status, wrong).to.equal(404)
      const path = `/host/keys?key=${encodeURIComponent(wrong)}`
      expect((await noor.get(path)).status, wrong).to.equal(404)
    }
    const owner = 'https://other.example/actor'
    expect((await noor.send('/host/keys', { do: 'rotate', owner }, token)).status).to.equal(404)
    expect(await current()).to.equal(key)
  })
})
