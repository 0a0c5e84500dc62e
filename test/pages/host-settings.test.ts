/** The initiative's own facts: changed by its host, told to its followers. */
import { expect } from 'chai'
import { follow } from '../../federation/follow.ts'
import { foundedServer, host } from '../help/community.ts'
import { endServers, type TestServer, until } from '../help/servers.ts'
import { type Visitor, visitor } from '../help/visitor.ts'

const path = '/host/settings'

describe('the settings of an initiative', () => {
  let node: TestServer
  let river: TestServer
  let guest: Visitor

  before(async () => {
    ;[node, river] = await Promise.all([foundedServer('node'), foundedServer('aggregator')])
    await follow(river.site, node.origin)
    await until(async () => (await node.site.store.count('followers', {})) > 0)
    guest = visitor(node.origin)
    await guest.send('/login', { email: host.email, password: host.password })
  })
  after(endServers)

  const group = () => `${node.origin}/actor`
  const held = (server: TestServer) => server.site.store.get('initiatives', group())

  it('show all facts as they stand, in the words of the reader', async () => {
    const { text } = await guest.get(path)
    expect(text).to.include('value="English, French"')
    expect(text).to.include('Senegal, Gambia, Guinea-Bissau, Cape Verde</textarea>')
    expect(text).to.include('name="scope.fr"').and.include('value="2019"')
    const { text: arabic } = await guest.get(`${path}?lang=ar`)
    expect(arabic).to.include('الإنجليزية، الفرنسية').and.include('السنغال، ')
  })

  it('are saved unchanged when nothing is typed', async () => {
    const before = await held(node)
    expect((await guest.fill(path, path, {})).text).to.include('Saved.')
    const after = await held(node)
    expect({ ...after, rev: 0, updated: '' }).to.deep.equal({ ...before, rev: 0, updated: '' })
  })

  it('change with one form, and followers are told', async () => {
    const { status } = await guest.fill(path, path, {
      languages: 'en, wo',
      'name.en': 'Silver Coast Forum',
      'name.fr': '',
      countries: 'Senegal',
      website: 'https://coast.example',
      codeOfConduct: 'https://coast.example/conduct',
      established: '2018',
      licence: 'CC BY-SA 4.0',
      accent: '#663399',
    })
    expect(status).to.equal(200)
    const told = await until(async () => {
      const initiative = await held(river)
      return initiative?.name.en === 'Silver Coast Forum' && initiative
    })
    expect(told).to.deep.include({
      name: { en: 'Silver Coast Forum' },
      countries: ['SN'],
      languages: ['en', 'wo'],
      website: 'https://coast.example',
      established: 2018,
      licence: 'CC BY-SA 4.0',
      local: false,
    })
    expect((await guest.get('/about')).text).to.include('Silver Coast Forum')
    expect((await guest.get('/host/trail')).text).to.include('Initiative’s facts changed')
  })

  it('come back filled with every mistake', async () => {
    const { status, text } = await guest.fill(path, path, {
      languages: 'Klingonish',
      website: 'coast',
      established: 'long ago',
      acronym: ' ',
    })
    expect(status).to.equal(400)
    for (const field of ['languages', 'website', 'established', 'acronym']) {
      expect(text, field).to.include(`href="#f-${field}"`)
    }
    expect(text).to.include('value="Klingonish"').and.include('value="long ago"')
  })

  it('are not written over when somebody else has saved meanwhile', async () => {
    const opened = await guest.get(path)
    const rev = /name="rev" value="(\d+)"/.exec(opened.text)?.[1] ?? ''
    await guest.fill(path, path, { acronym: 'THEIRS' })
    const { status, text } = await guest.fill(path, path, { acronym: 'MINE', rev })
    expect(status).to.equal(409)
    expect(text).to.include('Somebody else has saved meanwhile')
    expect(text).to.include('<dd><bdi>THEIRS</bdi></dd>').and.include('value="MINE"')
    expect((await held(node))?.acronym).to.equal('THEIRS')
    const fresh = /name="rev" value="(\d+)"/.exec(text)?.[1] ?? ''
    await guest.fill(path, path, { acronym: 'MINE', rev: fresh })
    expect((await held(node))?.acronym).to.equal('MINE')
  })
})
