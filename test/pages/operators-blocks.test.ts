/** Lists of blocked servers and who gets in, as a host sees and steers them. */
import { expect } from 'chai'
import { readBlockList } from '../../server/blocklist.ts'
import { setPeerStanding } from '../../federation/peers.ts'
import { foundedServer, host } from '../help/community.ts'
import { endServers, type TestServer } from '../help/servers.ts'
import { tokenIn, type Visitor, visitor } from '../help/visitor.ts'

const OWN = 'https://igf.example'
const PATH = '/host/peers/blocks'

const MASTODON = `\uFEFF#domain,#severity,#reject_media,#reject_reports,#public_comment,#obfuscate
spam.example,suspend,TRUE,TRUE,"Spam, and
""more"" of it",FALSE
loud.example,silence,FALSE,FALSE,,FALSE
friend.example,suspend,FALSE,FALSE,,FALSE
`

describe('a list of blocks', () => {
  const linesOf = (text: string) =>
    readBlockList(text, OWN).mistakes.map(
      ({ sentence, values }) => `${String(values?.line)} ${sentence}`,
    )

  it('is read as Mastodon writes it, with what it says of each server', () => {
    const { blocked, lighter, mistakes } = readBlockList(MASTODON, OWN)
    expect(mistakes).to.deep.equal([])
    expect(lighter).to.equal(1)
    expect(blocked).to.deep.equal([
      { id: 'https://spam.example', note: 'Spam, and\n"more" of it' },
      { id: 'https://friend.example', note: '' },
    ])
  })

  it('is read as hosts one a line, with remarks and repetitions', () => {
    const { blocked } = readBlockList(
      '# ours\r\n\r\nSpam.example\r\nspam.example\r\nbücher.example',
      OWN,
    )
    expect(blocked.map(({ id }) => id)).to.deep.equal([
      'https://spam.example',
      'https://xn--bcher-kva.example',
    ])
  })

  it('names every wrong line by its number', () => {
    expect(
      linesOf('good.example\nnot a host\nsp*m.example\n\nigf.example\nlocalhost'),
    ).to.deep.equal(['2 blocks.line', '3 blocks.hidden', '5 blocks.own', '6 blocks.line'])
    expect(linesOf('#domain,#severity\na.example,suspend\nb.example,eat')).to.deep.equal([
      '3 blocks.severity',
    ])
    expect(linesOf('a.example\n"b.example')).to.deep.equal(['2 blocks.quote'])
    expect(
      linesOf(Array.from({ length: 5001 }, (_, n) => `s${n}.example`).join('\n')),
    ).to.deep.equal(['undefined blocks.many'])
  })
})

describe('who gets in', () => {
  let node: TestServer
  let guest: Visitor

  before(async () => {
    node = await foundedServer('node')
    guest = visitor(node.origin)
    await guest.send('/login', { email: host.email, password: host.password })
  })
  after(endServers)

  const standing = async (name: string) =>
    (await node.site.store.get('peers', `https://${name}`))?.standing
  const press = async (text: string, fields: Record<string, string>) =>
    guest.send(PATH, fields, tokenIn(text))
  const markIn = (text: string) => /name="mark" value="(\w+)"/.exec(text)?.[1] ?? ''

  it('a list with a wrong line changes nothing, and nothing typed is lost', async () => {
    const { status, text } = await guest.fill(PATH, PATH, { list: 'spam.example\nno host' })
    expect(status).to.equal(400)
    expect(text).to.include('Line 2: &quot;no host&quot; is not the name of a server.')
    expect(text).to.include('spam.example\nno host</textarea>')
    expect(await standing('spam.example')).to.equal(undefined)
  })

  it('a list is shown before it blocks anybody, blocks all at once, and is taken back', async () => {
    await setPeerStanding(node.site, 'https://friend.example', 'trusted', 'Noor')
    const { text } = await guest.fill(PATH, PATH, { list: MASTODON })
    expect(text).to.include('2 servers would be blocked.').and.include('1 is only limited')
    expect(text).to.match(/You trust or follow these:.*friend\.example/s)
    expect(await standing('spam.example')).to.equal(undefined)
    const done = await press(text, { do: 'block', mark: markIn(text) })
    expect(done.text).to.include('The servers of the list are blocked.')
    expect(await standing('spam.example')).to.equal('blocked')
    expect(await standing('friend.example')).to.equal('blocked')
    const peer = await guest.get('/host/peers/peer?id=https%3A%2F%2Fspam.example')
    expect(peer.text).to.include('&quot;more&quot; of it')
    const csv = await guest.get(`${PATH}.csv`)
    const again = readBlockList(csv.text, OWN)
    expect(again.mistakes).to.deep.equal([])
    expect(again.blocked.map(({ id }) => id)).to.have.members([
      'https://spam.example',
      'https://friend.example',
    ])
    await press(done.text, { do: 'undo' })
    expect(await standing('spam.example')).to.equal(undefined)
    expect(await standing('friend.example')).to.equal('trusted')
    expect((await guest.get('/host/trail')).text).to.include('List of blocks taken back')
  })

  it('only the list that was shown is meant', async () => {
    const { text } = await guest.fill(PATH, PATH, { list: 'one.example' })
    await guest.fill(PATH, PATH, { list: 'two.example' })
    expect((await press(text, { do: 'block', mark: markIn(text) })).status).to.equal(409)
    expect(await standing('one.example')).to.equal(undefined)
  })

  it('allow-list mode is switched on and off by a person, and a server paused and resumed', async () => {
    const mode = (to: string) => guest.fill('/host/peers', '/host/peers/admission', { mode: to })
    expect((await mode('listed')).text).to.include('From now on only trusted and followed servers')
    expect((await mode('open')).text).to.include('Every server that is not blocked gets in again.')
    const id = 'https://friend.example'
    const path = `/host/peers/peer?id=${encodeURIComponent(id)}`
    const on = (name: string) => guest.fill(path, '/host/peers/peer', { id, do: name })
    expect((await on('pause')).text).to.include(
      'Nothing is sent there; what comes from there is taken.',
    )
    expect((await guest.get('/host/peers')).text).to.include('paused')
    expect((await on('resume')).text).to.include('begins without a fault')
    expect((await node.site.store.get('peers', id))?.paused).to.equal(undefined)
    const { text } = await guest.get('/host/trail')
    for (const said of ['Server paused', 'Server resumed', 'Allow-list mode switched on'])
      expect(text).to.include(said)
  })

  it('none of it is for whoever is not signed in', async () => {
    const stranger = visitor(node.origin)
    for (const path of [PATH, `${PATH}.csv`])
      expect((await stranger.get(path)).text, path).not.to.include('spam.example')
    expect((await stranger.send(PATH, { do: 'undo' })).url).to.equal('/login')
  })
})
