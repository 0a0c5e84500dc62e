/** Keys that are replaced and revoked, as a real aggregator and a running server meet it. */
import { expect } from 'chai'
import { versionId } from '../../federation/addresses.ts'
import { canonical, prove } from '../../federation/proofs.ts'
import { follow } from '../../federation/follow.ts'
import { publicKeysOf } from '../../federation/keys.ts'
import { receive } from '../../federation/receive.ts'
import { revokeKey, rotateKeys } from '../../federation/rotation.ts'
import { syncPeer } from '../../federation/sync.ts'
import { checkBundle } from '../../federation/verify.ts'
import { followedNode, foundedServer } from '../help/community.ts'
import { publish } from '../help/publishing.ts'
import { endServers, type TestServer, testClock, until } from '../help/servers.ts'
import { endProcesses, expectRefused, tributary } from '../scripts/run.ts'

const AFTER_A_WHILE_MS = 3600_000

describe('keys', () => {
  let clock: ReturnType<typeof testClock>
  let node: TestServer
  let river: TestServer
  let id: string

  const settings = () => ({ TRIBUTARY_DATA: node.data, TRIBUTARY_ORIGIN: node.origin })
  const current = async (kind: 'rsa' | 'ed25519') => (await node.site.key(id, kind)).id
  const publishedHere = async (slug: string) => {
    const outcome = await publish(node.site, slug, `- ${slug}`)
    const version = await node.site.store.get('versions', versionId(outcome, 1))
    if (!version) throw new Error(`no version of ${slug}`)
    return version
  }
  const arrived = (version: string) => until(() => river.site.store.get('versions', version))
  const actorThere = () =>
    fetch(id, { headers: { accept: 'application/activity+json' } }).then(
      async (answer) =>
        (await answer.json()) as { publicKey: { id: string }; assertionMethod: { id: string }[] },
    )

  beforeEach(async () => {
    clock = testClock()
    ;({ node, river, id } = await followedNode(clock))
    await until(async () => (await node.site.store.get('cursors', river.origin))?.follows === true)
  })
  afterEach(async () => {
    await endProcesses()
    await endServers()
  })

  it('are rotated: old outcomes stay verified, new ones verify, pushed and pulled, and both are published', async () => {
    const first = await publishedHere('first')
    await arrived(first.id)
    const old = [await current('rsa'), await current('ed25519')]
    clock.forward(AFTER_A_WHILE_MS)
    await rotateKeys(node.site, id, 'Noor')
    const fresh = [await current('rsa'), await current('ed25519')]
    expect(fresh).not.to.include.members(old)
    expect(fresh.join()).not.to.include('?')

    const second = await publishedHere('second')
    const held = await arrived(second.id)
    expect(held.verification).to.include({ result: 'verified', method: fresh[1] })
    await syncPeer(river.site, id)
    expect((await river.site.store.get('pulls', id))?.standing).to.equal('consistent')

    const actor = await actorThere()
    expect(actor.publicKey.id).to.equal(fresh[0])
    expect(actor.assertionMethod.map((key) => key.id)).to.deep.equal([fresh[1], old[1]])
    const late = await foundedServer('aggregator', clock)
    await follow(late.site, node.origin)
    const again = await until(() => late.site.store.get('versions', first.id))
    expect(again.verification).to.include({ result: 'verified', method: old[1] })
    const bundle = `${node.origin}/log/bundle?entry=${encodeURIComponent(first.id)}`
    const { checks } = await checkBundle(await (await fetch(bundle)).json(), clock.now())
    expect(checks.filter(({ right }) => !right)).to.deep.equal([])
  })

  it('that are revoked sign nothing any more, however well they sign', async () => {
    const first = await publishedHere('first')
    await arrived(first.id)
    const stolen = await node.site.key(id, 'ed25519')
    clock.forward(AFTER_A_WHILE_MS)
    await revokeKey(node.site, stolen.id, undefined, 'Noor')
    const second = await publishedHere('second')
    await arrived(second.id)
    clock.forward(AFTER_A_WHILE_MS)
    const { proof: _proof, ...object } = JSON.parse(second.wire) as Record<string, unknown>
    const at = clock.now()
    const forged = prove({ ...object, id: `${node.origin}/outcomes/forged` }, stolen, at)
    const activity = { id: `${node.origin}/activities/forged`, type: 'Create', actor: id }
    const words = { ...activity, to: ['https://www.w3.org/ns/activitystreams#Public'] }
    const taking = receive(river.site, { ...words, object: forged }, { actor: id })
    expect(await taking.catch((error: Error) => error.message)).to.contain('proof.key_period')
    expect((await node.site.store.get('keys', stolen.id))?.privatePem).to.equal('')
    expect(canonical(await publicKeysOf(node.site.store, id))).not.to.contain('PRIVATE')
  })

  it('that are revoked as of an earlier time take back what they signed since', async () => {
    const first = await publishedHere('first')
    const key = await current('ed25519')
    clock.forward(AFTER_A_WHILE_MS)
    const since = clock.now()
    clock.forward(AFTER_A_WHILE_MS)
    const second = await publishedHere('second')
    const wrong = (time: string) =>
      revokeKey(node.site, key, time, 'Noor').catch((error: Error) => error.message)
    expect(await wrong('2020-01-01')).to.contain('keys.since')
    expect(await wrong('2099-01-01')).to.contain('keys.since')
    expect(await wrong('yesterday')).to.contain('keys.since')
    await arrived(second.id)
    await revokeKey(node.site, key, since, 'Noor')
    const own = await node.site.store.get('versions', second.id)
    expect(own?.verification).to.include({ result: 'failed', why: 'proof.key_period' })
    const fell = await until(async () => {
      const held = await river.site.store.get('versions', second.id)
      return held?.verification.result === 'failed' && held
    })
    expect(fell.wire, 'the record stays').to.equal(second.wire)
    for (const { site } of [node, river]) {
      const { verification } = (await site.store.get('versions', first.id)) ?? first
      expect(verification.result).to.be.oneOf(['own', 'verified'])
      expect(await site.store.get('items', second.outcome)).to.include({ verified: false })
      expect(await site.store.get('items', first.outcome)).to.include({ verified: true })
    }
    const late = await foundedServer('aggregator', clock)
    await follow(late.site, node.origin)
    await until(async () => (await late.site.store.get('pulls', id))?.standing === 'consistent')
    expect(await late.site.store.get('versions', first.id)).not.to.equal(undefined)
    expect(await late.site.store.get('versions', second.id)).to.equal(undefined)
    const refusals = (await late.site.store.get('pulls', id))?.refusals ?? []
    expect(refusals.map(({ why }) => why)).to.include('proof.key_period')
  })

  it('are changed at the terminal while the server runs, which signs with the new ones at once', async () => {
    const old = [await current('rsa'), await current('ed25519')]
    clock.forward(AFTER_A_WHILE_MS)
    const rotated = await tributary(['keys', 'rotate'], settings())
    expect(rotated.code, rotated.text).to.equal(0)
    const fresh = [await current('rsa'), await current('ed25519')]
    for (const key of fresh) expect(rotated.text).to.include(key)
    expect(fresh).not.to.include.members(old)
    const listed = await tributary(['keys', 'list'], settings())
    for (const key of [...old, ...fresh]) expect(listed.text).to.include(key)
    const revoked = await tributary(['keys', 'revoke', String(fresh[1])], settings())
    expect(revoked.text).to.include(`Revoked: ${fresh[1]}`)
    expect(revoked.text).to.include(await current('ed25519'))
    expect(await current('rsa')).to.equal(fresh[0])
    expectRefused(await tributary(['keys', 'revoke', 'none'], settings()), /no key none/)
    expectRefused(await tributary(['keys', 'sing'], settings()), /Known: list, rotate, revoke/)
  })
})
