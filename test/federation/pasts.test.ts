/** A past that cannot be rewritten: what an aggregator does with a log that was shortened or forked. */
import { copyFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import { groupId } from '../../federation/addresses.ts'
import { follow } from '../../federation/follow.ts'
import { acceptLog } from '../../federation/pasts.ts'
import { syncPeer } from '../../federation/sync.ts'
import { databaseIn } from '../../server/config.ts'
import { foundedServer } from '../help/community.ts'
import { correct, publish } from '../help/publishing.ts'
import { endServers, type TestServer, until } from '../help/servers.ts'

describe('a log that was rewritten', () => {
  let node: TestServer
  let river: TestServer
  let id: string

  const pull = async () => {
    const found = await river.site.store.get('pulls', id)
    if (!found) throw new Error('it is not followed')
    return found
  }
  const outcomes = async () => {
    const where = { type: 'outcome', initiative: id }
    const found = await river.site.store.find('items', { where, order: 'oldest' })
    return found.map((each) => each.id.split('/').at(-1))
  }
  const read = async () => {
    await syncPeer(river.site, id)
    return pull()
  }
  const wholeLogRead = () =>
    until(async () => {
      const { standing, after } = await read()
      return standing === 'consistent' && after === (await node.site.store.last('public'))
    })

  /** The node goes on from a copy of its database, as after a restored backup. */
  const restored = async (file: string) => {
    const target = databaseIn(node.data)
    await node.close()
    for (const rest of ['', '-wal', '-shm']) rmSync(`${target}${rest}`, { force: true })
    copyFileSync(file, target)
    node = await node.restart()
  }

  beforeEach(async () => {
    ;[node, river] = await Promise.all([foundedServer(), foundedServer('aggregator')])
    id = groupId(node.site)
    await follow(river.site, node.origin)
    await until(async () => (await node.site.store.count('followers', {})) > 0)
    await publish(node.site, 'first', '- Rivers know no borders.')
    await wholeLogRead()
  })
  afterEach(endServers)

  it('leaves signed checkpoints behind while all is well, a bounded number of them', async () => {
    for (let i = 0; i < 25; i += 1) {
      await publish(node.site, `more-${i}`, '- One more.')
      await read()
    }
    const { checkpoints = [], divergence, size, standing } = await pull()
    expect(standing).to.equal('consistent')
    expect(divergence).to.equal(undefined)
    expect(checkpoints.length).to.be.within(10, 20)
    expect(checkpoints.at(-1)?.size).to.equal(size)
    expect(checkpoints[0]?.size).to.be.at.most(2)
  })

  it('is shown, kept as evidence and quarantined when it was restored from an older backup, until a person accepts it', async () => {
    const file = join(node.data, 'backup')
    await node.site.store.backup(file)
    await publish(node.site, 'lost', '- This is in no backup.')
    await wholeLogRead()
    const before = await pull()

    await restored(file)
    const shorter = await read()
    expect(shorter.standing).to.equal('diverged')
    expect(shorter.divergence?.ours).to.include({ size: before.size, root: before.root })
    expect(shorter.divergence?.theirs.size).to.be.below(before.size)
    expect(shorter.divergence?.quarantined).to.equal(0)

    for (const slug of ['other', 'another', 'third'])
      await publish(node.site, slug, '- Other things.')
    const pushed = await until(async () => {
      const where = { state: 'refused' }
      return (await river.site.store.find('journal', { where }))[0]
    })
    expect(pushed.why).to.contain('sync.quarantined')
    const longer = await read()
    expect(longer.standing).to.equal('diverged')
    expect(longer.after).to.equal(before.after)
    expect(longer.divergence?.since).to.equal(shorter.divergence?.theirs.size)
    expect(longer.divergence?.quarantined).to.equal(3)
    expect(longer.divergence?.ours.note).to.equal(before.checkpoints?.at(-1)?.note)
    expect(longer.divergence?.theirs.note).to.contain(`\n${longer.size}\n`)
    expect(await outcomes()).to.deep.equal(['first', 'lost'])
    const restarted = await river.restart()
    river = restarted
    expect((await read()).standing).to.equal('diverged')

    await acceptLog(river.site, node.origin, 'Noor')
    await wholeLogRead()
    expect(await outcomes()).to.deep.equal(['first', 'lost', 'other', 'another', 'third'])
    expect((await pull()).divergence).to.include({ acceptedBy: 'Noor', quarantined: 3 })
    expect(await river.site.store.count('acts', {})).to.be.above(0)
  })

  it('is refused where it gives an outcome version other words, also after it was accepted', async () => {
    const file = join(node.data, 'backup')
    await node.site.store.backup(file)
    const first = `${node.origin}/outcomes/first`
    await correct(node.site, first, '- Rivers know many borders.')
    await wholeLogRead()
    const held = (await river.site.store.get('versions', `${first}/versions/2`))?.digest

    await restored(file)
    await correct(node.site, first, '- Rivers know all borders.')
    const forked = await read()
    expect(forked.standing).to.equal('diverged')
    expect(forked.divergence).to.include({ quarantined: 1 })
    await acceptLog(river.site, id, 'Noor')
    await wholeLogRead()
    const { refusals } = await pull()
    expect(refusals.map(({ why }) => why)).to.deep.equal(['version.reused'])
    expect((await river.site.store.get('versions', `${first}/versions/2`))?.digest).to.equal(held)
  })

  it('that is whole again is read on, and what was seen stays on the record', async () => {
    const [older, newer] = [join(node.data, 'older'), join(node.data, 'newer')]
    await node.site.store.backup(older)
    await publish(node.site, 'second', '- This is there again later.')
    await wholeLogRead()
    await node.site.store.backup(newer)
    await restored(older)
    expect((await read()).standing).to.equal('diverged')
    await restored(newer)
    await publish(node.site, 'third', '- And it goes on.')
    await wholeLogRead()
    expect(await outcomes()).to.deep.equal(['first', 'second', 'third'])
    expect((await pull()).divergence?.at).not.to.equal(undefined)
  })

  it('is not to be accepted when nothing is wrong with it', async () => {
    const refused = (address: string) =>
      acceptLog(river.site, address, 'Noor').catch((error: Error) => error.message)
    expect(await refused(id)).to.contain('sync.not_diverged')
    expect(await refused('https://igf.example')).to.contain('follow.unknown')
  })

  it('cannot go on without signing its heads, or with heads that another key signed', async () => {
    const held = await pull()
    node.site.key = (_actor, kind) => river.site.key(groupId(river.site), kind)
    await publish(node.site, 'unsigned', '- Whose word is this?').catch(() => undefined)
    const now = await read()
    expect([now.standing, now.why]).to.deep.equal(['unreachable', 'sync.checkpoint'])
    expect(now.after).to.equal(held.after)
  })
})
