/** Fedify judges what goes over the wire: it finds, reads and verifies ours, we verify its own, and a small Fedify server takes part. */
import { expect } from 'chai'
import type { Contribution, Item } from '../../content/model.ts'
import { groupId, personId, serverId } from '../../federation/addresses.ts'
import { checkProof, type Json } from '../../federation/proofs.ts'
import { filledNode } from '../help/community.ts'
import { answerFrom, correct, decided, publish, withdraw } from '../help/publishing.ts'
import { endServers, type TestServer, until } from '../help/servers.ts'
import { endJudges, type Judge, startJudge } from './judge.ts'

interface Knock {
  method: string
  path: string
  scheme: string
  key: string | null
  status: number
}

const ACTIVITY = { headers: { accept: 'application/activity+json' } }

describe('judged by Fedify', () => {
  let judge: Judge
  let node: TestServer
  let contribution: string

  before(async function () {
    judge = await startJudge(this, 'fedify')
    node = await filledNode()
    const [discussion] = await itemsOf('discussion')
    contribution = await answerFrom(node.site, 'a', discussion as Item, 'One **issue**.')
    const removed = await answerFrom(node.site, 'b', discussion as Item, 'Another.')
    await decided(node.site, removed, 'removed')
    const outcome = await publish(node.site, 'to-be-withdrawn', '- It stands.')
    await correct(node.site, outcome, '- It stood.')
    await withdraw(node.site, outcome)
  })
  after(async () => {
    await endJudges()
    await endServers()
  })

  const itemsOf = (type: string) => node.site.store.find('items', { where: { type }, limit: 5 })
  const textOf = async (id: string) => (await fetch(id, ACTIVITY)).text()
  const logged = async () => {
    const { size } = await node.site.store.head()
    return node.site.store.log('public', 0, size)
  }

  it('it finds the initiative, the server and a participant by handle and by address', async () => {
    const { host } = new URL(node.origin)
    const person = new URL(await authorOf(contribution)).pathname.split('/').at(-1) ?? ''
    const actors = [
      ['Group', groupId(node.site), await named(groupId(node.site))],
      ['Application', serverId(node.site), 'server'],
      ['Person', personId(node.site, person), person],
    ]
    for (const [type, id = '', name = ''] of actors) {
      const jrd = await judge.ask<{ subject: string }>('webfinger', `acct:${name}@${host}`)
      expect(jrd.subject).to.equal(`acct:${name}@${host}`)
      expect(await judge.ask('lookup', `@${name}@${host}`), name).to.deep.equal({ type, id })
      expect(await judge.ask('lookup', id), id).to.deep.equal({ type, id })
    }
  })

  const authorOf = async (id: string) =>
    ((await node.site.store.get('items', id)) as Contribution).author
  const named = async (id: string) =>
    String((JSON.parse(await textOf(id)) as Json).preferredUsername)

  it('its strict reader takes our NodeInfo', async () => {
    const known = await fetch(`${node.origin}/.well-known/nodeinfo`)
    const { links } = (await known.json()) as { links: { href: string }[] }
    const info = await judge.ask<Json>('nodeInfo', links[0]?.href ?? '')
    expect(info).to.deep.include({ protocols: ['activitypub'], openRegistrations: false })
    expect(info.software).to.include({ name: 'tributary' })
  })

  it('it reads each kind of document without loss', async () => {
    const types = ['outcome', 'message', 'discussion', 'contribution', 'meeting', 'session']
    const items = await Promise.all(types.map(itemsOf))
    const [outcome] = await itemsOf('outcome')
    const outbox = `${groupId(node.site)}/outbox`
    const { size } = await node.site.store.head()
    const collections = ['history', 'replies', 'context'].map((each) => `${outcome?.id}/${each}`)
    const lists = [outbox, `${outbox}?page=${size}`, `${outbox}?after=0`, ...collections]
    for (const id of [...items.flat().map((each) => each.id), ...lists]) {
      const { lost } = await judge.ask<{ lost: string[] }>('reading', await textOf(id))
      expect(lost.filter(isLoss), id).to.deep.equal([])
    }
  })

  /**
   * ActivityStreams shows formerType as a name, its context reads it as an address: Fedify finds no object there.
   * What Mobilizon and calendars read of an event is none of Fedify's words.
   */
  const otherWords =
    /(^| )(formerType|category|externalParticipationUrl|status|inLanguage|isOnline|joinMode|superEvent|location address)$/
  const isLoss = (each: string) => !otherWords.test(each)

  it('it reads each kind of activity without loss', async () => {
    const entries = await logged()
    const verbs = new Set(entries.map(({ verb }) => verb))
    expect([...verbs]).to.have.members(['Create', 'Announce', 'Undo', 'Update', 'Delete'])
    for (const { wire, verb } of entries) {
      const { type, lost } = await judge.ask<{ type: string; lost: string[] }>('reading', wire)
      expect({ type, lost: lost.filter(isLoss) }).to.deep.equal({ type: verb, lost: [] })
    }
  })

  /** When a key began is in security/v1, but not in Fedify's Multikey. */
  it('it reads actors without loss, but for the time their proof keys began', async () => {
    for (const id of [groupId(node.site), serverId(node.site), await authorOf(contribution)]) {
      const { lost } = await judge.ask<{ lost: string[] }>('reading', await textOf(id))
      expect(lost, id).to.deep.equal(['assertionMethod created'])
    }
  })

  it('it finds the proof of each activity and each version right, and wrong when a letter is changed', async () => {
    const versions = await node.site.store.find('versions', { limit: 20 })
    for (const { wire } of [...versions, ...(await logged())]) {
      expect(await judge.ask('verified', wire)).to.equal(true)
      const changed = wire.replace(/"published":"\d/, '"published":"1')
      expect(await judge.ask('verified', changed)).to.equal(false)
    }
  })

  it('a proof that it made is right here, and wrong when a letter is changed', async () => {
    const owner = `${node.origin}/users/ines`
    const key = `${owner}#key`
    const made = await judge.ask<{ note: Json; multibase: string }>('proven', key, owner)
    const find = async () => ({ multibase: made.multibase, owner })
    const checked = await checkProof(made.note, find, node.site.now())
    expect(checked).to.include({ method: key, owner })
    const changed = { ...made.note, content: 'Río y mar, 河' }
    const result = await checkProof(changed, find, node.site.now()).catch(String)
    expect(result).to.contain('proof.changed')
  })

  for (const scheme of ['cavage', 'rfc9421']) {
    it(`a server that signs ${scheme} follows, hears of outcomes, replies, edits and deletes`, async () => {
      const there = await judge.ask<string>('open', scheme)
      await takesPart(there, scheme)
      const knocks = await judge.ask<Knock[]>('knocks', there)
      expect(knocks.filter(({ key }) => key === null)).to.deep.equal([])
      expect(knocks.findLast(({ method }) => method === 'POST')?.scheme).to.equal(scheme)
    })
  }

  async function takesPart(there: string, slug: string) {
    const { site } = node
    const group = groupId(site)
    await judge.ask('follow', there, group, '1')
    await arrives(there, 'Accept', 1)
    await judge.ask('follow', there, group, '2')
    await arrives(there, 'Accept', 2)
    const outcome = await publish(site, `for-${slug}`, '- Boats are homes.')
    await arrives(there, 'Create', 1)
    await correct(site, outcome, '- Boats may be homes.')
    await arrives(there, 'Update', 1)
    const [message] = await site.store.find('items', { where: { type: 'message', outcome } })
    const note = await judge.ask<string>('reply', there, 'n', message?.id ?? '', '<p>Ours is.</p>')
    expect(await held(note, 'held')).to.include({ text: 'Ours is.', message: message?.id })
    await decided(site, note, 'shown')
    await arrives(there, 'Announce', 1)
    await judge.ask('edit', there, 'n', message?.id ?? '', '<p>Ours was.</p>')
    await until(async () => (await held(note, 'shown')).text === 'Ours was.')
    await judge.ask('erase', there, 'n', outcome)
    expect(await held(note, 'removed')).to.include({ text: '', html: '' })
    await withdraw(site, outcome)
    await arrives(there, 'Delete', 1)
  }

  const arrives = (there: string, type: string, times: number) =>
    until(async () => {
      const arrived = await judge.ask<{ type: string }[]>('arrived', there)
      return arrived.filter((each) => each.type === type).length === times
    })

  const held = (id: string, visibility: string) =>
    until(async () => {
      const item = (await node.site.store.get('items', id)) as Contribution | undefined
      return item?.visibility === visibility && item
    })

  it('a server that lets only RFC 9421 in is knocked at twice, and once from then on', async () => {
    const there = await judge.ask<string>('open', 'cavage')
    await judge.ask('letIn', there, 'rfc9421')
    await judge.ask('follow', there, groupId(node.site), '1')
    await arrives(there, 'Accept', 1)
    await publish(node.site, 'for-a-strict-one', '- Doors open.')
    await arrives(there, 'Create', 1)
    const knocks = await judge.ask<Knock[]>('knocks', there)
    const posts = knocks.filter(({ method }) => method === 'POST')
    expect(posts.map((each) => `${each.scheme} ${each.status}`)).to.deep.equal([
      'cavage 401',
      'rfc9421 202',
      'rfc9421 202',
    ])
  })
})
