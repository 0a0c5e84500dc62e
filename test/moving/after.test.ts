/** What a server that has moved goes on with: working copies that nobody has seen, and the keys of its former actor. */
import { expect } from 'chai'
import { writeCall } from '../../content/calls.ts'
import { publishImported, write } from '../../content/outcomes.ts'
import { groupId, outcomeId } from '../../federation/addresses.ts'
import { moveTo } from '../../federation/moving.ts'
import { record } from '../../federation/record.ts'
import { rotateKeys } from '../../federation/rotation.ts'
import { tellOfCalls } from '../../server/calls-told.ts'
import { importItem } from '../../server/importing.ts'
import { foundedServer } from '../help/community.ts'
import { endFronts, type Front, front } from '../help/fronts.ts'
import {
  activity,
  endHostiles,
  type Foreigner,
  type Hostile,
  hostileServer,
  type Json,
  send,
} from '../help/hostile.ts'
import { publish } from '../help/publishing.ts'
import { endServers, type TestServer, until } from '../help/servers.ts'
import { signedIn } from '../help/signed-in.ts'

describe('a server that has moved goes on', () => {
  let names: [Front, Front]
  let node: TestServer
  let far: Hostile
  let ana: Foreigner

  before(async () => {
    names = [await front(), await front()]
    node = await foundedServer('node', undefined, undefined, { origin: names[0].origin })
    for (const each of names) each.leadTo(node.port)
    far = await hostileServer()
    ana = far.actor('ana')
    const follow = activity(ana, 'Follow', groupId({ origin: names[0].origin }))
    await send(ana, `${names[0].origin}/inbox`, follow, { at: new Date().toISOString() })
    await until(async () => (await node.site.store.count('followers', {})) === 1)
  })
  after(async () => {
    await endServers()
    await endFronts()
    await endHostiles()
  })

  const by = () => ({ by: 'Noor', actor: groupId(node.site), at: node.site.now() })
  const words = (title: string) => ({
    ...{ language: 'en', year: 2026, tags: {} },
    texts: { en: { title, markdown: '- Rivers know no borders.' } },
  })
  const post = {
    ...{ address: 'https://old.example/?p=7', oldPaths: ['/seven'], comments: [] },
  }
  const brought = {
    ...{ type: 'outcome' as const, slug: 'brought', language: 'en', title: 'Brought' },
    ...{
      markdown: '- Cables are shared.',
      year: 2025,
      tags: { themes: [], actionLines: [], sdgs: [], gdc: [], topics: [] },
    },
  }
  const bring = () => importItem(node.site, brought as never, { draft: true, post })

  it('with working copies under its new address, and what was published under the old one', async () => {
    const { site } = node
    const id = outcomeId(site, 'waiting')
    await record(
      site,
      write(words('Waiting'), { id, slug: 'waiting', initiative: groupId(site) }, by()),
    )
    const out = await publish(site, 'out', '- This is out.')
    await bring()
    await moveTo(site, names[1].origin, 'test')
    expect(site.origin).to.equal(names[1].origin)
    const ids = (await site.store.find('drafts', {})).map((each) => each.id).sort()
    const here = (slug: string) => `${names[1].origin}/outcomes/${slug}`
    expect(ids).to.have.members([out, here('waiting'), here('brought')])
    expect(out.startsWith(names[0].origin)).to.equal(true)
    expect((await bring()).result).to.equal('known')
    const old = await fetch(`${names[1].origin}/seven`, { redirect: 'manual' })
    expect((await site.store.get('redirects', '/seven'))?.item).to.equal(here('brought'))
    expect(old.status).to.be.oneOf([301, 302, 303, 308, 404])
  })

  it('and puts right what it said of a call there, by the actor that said it', async () => {
    const { site } = node
    const [before, after] = [names[0].origin, names[1].origin].map((origin) => groupId({ origin }))
    const id = `${names[0].origin}/calls/next`
    const at = (days: number) => new Date(Date.parse(site.now()) + days * 86_400_000).toISOString()
    const asked = {
      ...{ language: 'en', title: { en: 'What next?' }, text: 'Tell us.', year: 2026 },
    }
    const fields = { ...asked, opensAt: at(-1), categories: [{ slug: 'rivers', label: 'Rivers' }] }
    const first = { ...fields, closesAt: at(20) }
    const who = { by: 'Noor', actor: String(before), at: site.now() }
    await site.store.commit({ put: writeCall(id, first, who).put ?? {} })
    await tellOfCalls(site)
    const call = await site.store.get('calls', id)
    const changed = writeCall(
      id,
      { ...fields, closesAt: at(30) },
      { ...who, actor: String(after), at: site.now() },
      call,
    )
    await site.store.commit({ put: changed.put ?? {} })
    await tellOfCalls(site)
    const update = await until(async () =>
      far.delivered('Update').find(({ object }) => (object as Json).id === `${id}/announcement`),
    )
    expect(update.actor).to.equal(before)
    expect((update.object as Json).attributedTo).to.equal(before)
  })

  it('and publishes them there, in the name of its new actor', async () => {
    const { site } = node
    const draft = await site.store.get('drafts', outcomeId(site, 'waiting'))
    if (!draft) throw new Error('the working copy is gone')
    await record(site, publishImported(draft, site.now(), by()))
    const face = await site.store.get('items', draft.id)
    expect(face).to.include({ initiative: groupId(site), local: true })
    const answer = await fetch(draft.id, { headers: { accept: 'application/activity+json' } })
    expect(((await answer.json()) as Json).attributedTo).to.equal(groupId(site))
    const host = await signedIn({ ...node, origin: names[1].origin })
    expect((await host.get('/host/outcomes/waiting')).status).to.equal(200)
    const trail = `/host/trail?item=${encodeURIComponent(draft.id)}`
    expect((await host.get(trail)).text).to.include('Waiting')
  })

  it('and tells whoever has stayed with its former actor of new keys of that', async () => {
    const { site } = node
    const former = groupId({ origin: names[0].origin })
    const size = await site.store.last('public')
    const made = await rotateKeys(site, former, 'test')
    const update = await until(async () =>
      far.delivered('Update').find(({ object }) => (object as Json).id === former),
    )
    expect(update.actor).to.equal(former)
    const document = update.object as Json & { publicKey: Json; movedTo: string }
    expect(made.map(({ id }) => id)).to.include(document.publicKey.id)
    expect(document.movedTo).to.equal(groupId(site))
    expect(await site.store.last('public'), 'nothing for those who came along').to.equal(size)
  })
})
