/** Who is heard, what readers report, what is sent on, and the code of conduct. */
import { expect } from 'chai'
import type { Contribution, Item } from '../../content/model.ts'
import { isListed, readListed } from '../../content/hearing.ts'
import { filledNode } from '../help/community.ts'
import {
  activity,
  endHostiles,
  type Foreigner,
  type Hostile,
  hostileServer,
  note,
  send,
} from '../help/hostile.ts'
import { endServers, testClock, type TestServer, until } from '../help/servers.ts'
import { fromElsewhere, signedIn, signedInAs } from '../help/signed-in.ts'
import { type Visitor, visitor } from '../help/visitor.ts'
import { shortKey } from '../../content/short-key.ts'

const RULES = '/host/contributions/rules'
const QUEUE = '/host/contributions'

describe('hearing strangers', () => {
  const clock = testClock()
  let node: TestServer
  let boss: Visitor
  let far: Hostile
  let talk: Item

  before(async () => {
    node = await filledNode('coast', clock)
    boss = await signedIn(node)
    far = await hostileServer()
    const id = `${node.origin}/discussions/what-should-2027-be-about`
    talk = (await node.site.store.get('items', id)) as Item
  })
  after(endHostiles)
  after(endServers)

  const answer = async (by: Foreigner) => {
    const said = note(by, talk.id, `<p>words of ${by.id}</p>`)
    await send(by, `${node.origin}/inbox`, activity(by, 'Create', said), { at: clock.now() })
    return until(async () => {
      const item = await node.site.store.get('items', said.id)
      return item as Contribution | undefined
    })
  }
  const rules = (mode: string, listed = '') => boss.fill(RULES, RULES, { mode, listed })

  it('holds the first contribution of a stranger, shows those who are listed, and can hear nobody else', async () => {
    const [ana, bea, carl] = ['ana', 'bea', 'carl'].map((name) => far.actor(name))
    if (!ana || !bea || !carl) throw new Error('no actors')
    expect(await answer(ana)).to.include({ visibility: 'held', why: 'stranger' })
    expect((await rules('unlisted', `@BEA@${far.host}`)).text).to.include('bea@')
    expect(await answer(bea)).to.include({ visibility: 'shown' })
    expect(await answer(carl)).to.include({ visibility: 'held', why: 'unlisted' })
    await rules('listed', bea.id)
    expect(await answer(carl)).to.include({ visibility: 'refused', why: 'not_listed' })
    await rules('strangers', `${far.origin}/`)
    expect(await answer(carl)).to.include({ visibility: 'shown' })
    await rules('strangers')
  })

  it('says which line of a list is nobody, and keeps what was typed', async () => {
    const wrong = await rules('strangers', 'social.example\nnobody at all')
    expect(wrong.status).to.equal(400)
    expect(wrong.text).to.include('no account and no server: nobody at all')
    const { listed } = readListed('Social.Example\n@Ana@B.example\nhttps://c.example/users/x')
    expect(listed).to.deep.equal(['social.example', 'ana@b.example', 'https://c.example/users/x'])
    const speaker = (id: string) => ({ id, handle: `x@${new URL(id).host}` })
    const hearing = { mode: 'strangers' as const, listed }
    expect(isListed(hearing, speaker('https://social.example/users/x'))).to.equal(true)
    expect(isListed(hearing, speaker('https://evilsocial.example/users/x'))).to.equal(false)
  })

  it('takes a report without an account, shows it on the front page of the host, and sends it on without a name', async () => {
    const dora = far.actor('dora')
    const id = `${dora.id}/notes/rude`
    const changes = { id, author: dora.id, visibility: 'shown' as const }
    await fromElsewhere(node.site, 'dora', talk, changes)
    const path = `/contributions/${shortKey(id)}`
    const reader = visitor(node.origin)
    expect((await reader.get(path)).text).to.include(`href="${path}/report"`)
    const empty = await reader.fill(`${path}/report`, `${path}/report`, { reason: ' ' })
    expect(empty.status).to.equal(400)
    const sent = await reader.fill(`${path}/report`, `${path}/report`, {
      reason: 'It <b>mocks</b> me',
    })
    expect(sent.text).to.include('Your report is with the moderators')
    expect((await boss.get('/host')).text).to.include('1 contribution was reported')
    const view = `${QUEUE}?view=reported`
    const listed = await boss.get(view)
    expect(listed.text).to.include('It &lt;b&gt;mocks&lt;/b&gt; me').and.include('A reader')
    const unsaid = await boss.fill(view, QUEUE, {
      do: 'forwarded',
      id,
      view: 'reported',
      reason: '',
    })
    expect(unsaid.status).to.equal(400)
    await boss.fill(view, QUEUE, { do: 'forwarded', id, view: 'reported', reason: 'Please look' })
    const [flag] = await until(async () => {
      const found = far.delivered('Flag')
      return found.length > 0 && found
    })
    expect(flag).to.deep.include({
      actor: `${node.origin}/server`,
      object: [dora.id, id],
      content: 'Please look',
    })
    expect(JSON.stringify(flag)).not.to.include('mocks')
  })

  it('has a code of conduct with a version and a date, which the host writes anew', async () => {
    const reader = visitor(node.origin)
    const first = await reader.get('/conduct')
    expect(first.text).to.include('Version 1').and.include('<strong>Give reasons.</strong>')
    expect((await visitor(node.origin, 'ar').get('/conduct')).text).to.include('dir="rtl"')
    expect((await reader.get(new URL(talk.id).pathname)).text).to.include('href="/conduct"')
    const moderator = await signedInAs(node, 'moderator')
    expect((await moderator.get('/host/conduct')).status).to.equal(403)
    const form = await boss.fill('/host/conduct', '/host/conduct', { 'text.en': 'Be *kind*.' })
    expect(form.status).to.equal(200)
    const second = await reader.get('/conduct')
    expect(second.text).to.include('Version 2').and.include('Be <em>kind</em>.')
    expect((await reader.get('/conduct?version=1')).text).to.include('Give reasons.')
    expect((await reader.get('/conduct?version=9')).status).to.equal(404)
    const late = { 'text.en': 'Be late.', version: '1' }
    expect((await boss.fill('/host/conduct', '/host/conduct', late)).status).to.equal(409)
    expect((await reader.get('/conduct')).text).to.include('Version 2')
  })
})
