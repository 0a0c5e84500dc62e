/** SECURITY-CLASSES F and G: what people send to a call for issues is text, says nothing for others, and is nobody else’s to change. */
import { expect } from 'chai'
import { addPerson } from '../../server/people.ts'
import { foundedServer } from '../help/community.ts'
import { endServers, type TestServer } from '../help/servers.ts'
import { signedIn, signedInAs } from '../help/signed-in.ts'
import { tokenIn, type Visitor, visitor } from '../help/visitor.ts'

const CALL = '/calls/issues'
const issue = {
  title: 'A quiet harbour',
  text: 'Less noise.',
  categories: 'human-rights',
  stakeholderGroup: 'civil_society',
  language: 'en',
}

/** Whether a tag runs something or leads to where code is; what stands in quotes is only text. */
const isCode = (tag: string): boolean =>
  /^<(script|img|iframe|object|base)|(href|action|src)="(javascript:|https:\/\/evil)/i.test(tag) ||
  /\son\w/i.test(tag.replace(/="[^"]*"/g, ''))

describe('hostile F and G: calls for issues', () => {
  let node: TestServer
  let keeper: Visitor
  let guest: Visitor

  before(async () => {
    node = await foundedServer()
    keeper = await signedIn(node)
    const year = new Date(Date.parse(node.site.now())).getUTCFullYear()
    await keeper.fill('/host/calls/new', '/host/calls/new', {
      ...{ 'title.en': 'Issues', text: 'Say it.', slug: 'issues', perPerson: '20' },
      ...{ opensAt: `${year - 1}-01-01T00:00`, closesAt: `${year + 1}-01-01T00:00` },
    })
    guest = await signedInAs(node, 'participant')
  })
  after(endServers)

  const firstOf = async (title: string) => {
    const found = await node.site.store.find('proposals', { limit: 100 })
    return found.find((each) => each.title === title)
  }

  it('F code in a proposal, in a call and in the reason it is set aside for', async () => {
    const codes = [
      '<script>evil()</script>',
      '"><img src=x onerror="evil()">',
      '[a](javascript:evil()) <b onmouseover=evil()>b</b>',
      '<form action="https://evil.example"><input name="evil"></form>',
    ]
    for (const code of codes) {
      const sent = { ...issue, title: code, text: code, affiliation: code }
      const refused = await guest.fill(CALL, CALL, { ...sent, residence: code })
      await guest.fill(CALL, CALL, sent)
      const made = await firstOf(code)
      const path = new URL(made?.id ?? '').pathname
      const form = await keeper.get('/host/calls/issues')
      const fields = {
        decision: 'set_aside',
        reason: code,
        proposals: path.split('/').at(-1) ?? '',
      }
      await keeper.send('/host/calls/issues', fields, tokenIn(form.text))
      const own = `/host/calls/issues/session?proposals=${fields.proposals}`
      const pages = [refused, await guest.get(CALL), await guest.get(path), await keeper.get(own)]
      for (const { text } of [...pages, await keeper.get('/host/calls/issues')]) {
        expect((text.match(/<[^>]*>/g) ?? []).filter(isCode)).to.deep.equal([])
      }
    }
  })

  it('G a proposal that says who made it, what became of it, or where it stands', async () => {
    const lies = {
      ...{ ...issue, title: 'Lies', person: `${node.origin}/people/somebody` },
      ...{ name: 'The host', standing: 'merged', session: `${node.origin}/sessions/x` },
      ...{
        id: `${node.origin}/calls/issues/proposals/mine`,
        reason: 'none',
        published: '2001-01-01',
      },
    }
    await guest.fill(CALL, CALL, lies)
    const made = await firstOf('Lies')
    expect(made).to.include({ name: 'A participant', standing: 'shown' })
    expect(made).not.to.have.any.keys('session', 'reason')
    expect(made?.id).not.to.match(/mine$/)
  })

  it('G a proposal changed, withdrawn or decided about by somebody else', async () => {
    await guest.fill(CALL, CALL, { ...issue, title: 'Mine alone' })
    const path = new URL((await firstOf('Mine alone'))?.id ?? '').pathname
    const password = 'rivers run to the sea'
    const account = { name: 'Other', email: 'other@test.example', role: 'participant' } as const
    await addPerson(node.site, { ...account, language: 'en', password })
    const other = await signedIn(node, { email: account.email, password })
    const token = tokenIn((await other.get(CALL)).text)
    const statuses = [
      await other.send(path, { ...issue, title: 'Theirs', rev: '1' }, token),
      await other.send(`${path}?do=withdraw`, { rev: '1' }, token),
      await other.send('/host/calls/issues', { decision: 'hold' }, token),
      await other.send('/host/calls/issues?do=close', {}, token),
      await other.send('/host/calls/issues/edit', {}, token),
      await other.send('/host/calls/issues/session', {}, token),
      await other.send(path, { ...issue, title: 'Without a token' }, ''),
    ].map(({ status }) => status)
    expect(new Set(statuses)).to.deep.equal(new Set([403]))
    expect(await firstOf('Mine alone')).to.include({ standing: 'shown' })
  })

  it('G where somebody lives is in no page, list or file', async () => {
    await guest.fill(CALL, CALL, {
      ...issue,
      title: 'From afar',
      residence: 'Tuvalu',
      origin: 'Nauru',
    })
    const path = new URL((await firstOf('From afar'))?.id ?? '').pathname
    const reader = visitor(node.origin)
    const queries = ['?residence=TV', '?origin=NR', '.csv', '.json', '?category=human-rights', '']
    const places = [...queries.map((each) => CALL + each), path, '/', '/search?q=Tuvalu']
    for (const place of places) {
      const { text } = await reader.get(place)
      expect(text, place).not.to.match(/Nauru|"TV"|"NR"|,TV,|,NR,/)
      if (place !== '/search?q=Tuvalu') expect(text, place).not.to.include('Tuvalu')
    }
  })

  it('G addresses of proposals that lead elsewhere lead nowhere', async () => {
    for (const key of ['..%2f..%2f..%2fpeople', 'x'.repeat(3000), '%00', '__proto__']) {
      const { status } = await visitor(node.origin).get(`${CALL}/proposals/${key}`)
      expect(status, key).to.be.within(300, 499)
    }
  })
})
