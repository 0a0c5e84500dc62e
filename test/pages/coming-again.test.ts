/** A site that is imported once more: comments that were made since are added to what is here, each once; and posts under meetings from the terminal. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import type { Contribution, Item } from '../../content/model.ts'
import { expectFine } from '../help/accessibility.ts'
import { openBrowser } from '../help/browser.ts'
import { foundedServer } from '../help/community.ts'
import { begin, rows, settled } from '../help/importing.ts'
import { endServers, type TestServer } from '../help/servers.ts'
import { signedIn } from '../help/signed-in.ts'
import type { Visitor } from '../help/visitor.ts'
import { endProcesses, expectRefused, tributary } from '../scripts/run.ts'

const comment = (id: number, text: string, parent = 0) =>
  `<wp:comment><wp:comment_id>${id}</wp:comment_id><wp:comment_author>Ana ${id}</wp:comment_author><wp:comment_date_gmt>2014-05-02 10:00:0${id}</wp:comment_date_gmt>
<wp:comment_content>${text}</wp:comment_content><wp:comment_approved>1</wp:comment_approved><wp:comment_type>comment</wp:comment_type><wp:comment_parent>${parent}</wp:comment_parent></wp:comment>`

const post = (n: number, year: number, comments = '') =>
  `<item><title>Should gauge ${n} be public?</title><link>https://old.example/gauge-${n}/</link><guid>https://old.example/?p=${n}</guid><wp:post_id>${n}</wp:post_id>
<wp:post_type>post</wp:post_type><wp:status>publish</wp:status><wp:post_date_gmt>${year}-05-01 09:00:00</wp:post_date_gmt>
<content:encoded>Tell us what you think of the price of a connection.</content:encoded>${comments}</item>`

const exported = (...posts: string[]) =>
  `<?xml version="1.0"?><rss xmlns:content="x" xmlns:wp="y"><channel><language>en</language>${posts.join('')}</channel></rss>`

const folder = mkdtempSync(join(tmpdir(), 'tributary-again-'))

describe('a site that is imported once more', () => {
  let node: TestServer
  let host: Visitor

  before(async () => {
    node = await foundedServer()
    host = await signedIn(node)
  })
  after(async () => {
    await endProcesses()
    await endServers()
    rmSync(folder, { recursive: true, force: true })
  })

  const write = async (path: string, fields: Record<string, string | string[]> = {}) => {
    await host.fill(path, path, { do: 'write', ...fields })
    await settled(node, path)
    return rows(node, path)
  }
  const said = async () =>
    (await node.site.store.find('items', {
      where: { type: 'contribution', local: 'true' },
      order: 'oldest',
    })) as Contribution[]

  it('says before it is written how many comments are new, adds those, and nothing twice', async () => {
    const first = comment(1, 'Yes.') + comment(2, 'Why?', 1)
    await write(await begin(node, host, { text: exported(post(1, 2014, first)) }))
    expect(await said()).to.have.lengthOf(2)
    const more = first + comment(3, 'Because.', 2) + comment(4, 'I see.')
    const path = await begin(node, host, { text: exported(post(1, 2014, more), post(2, 2014)) })
    const { text } = await host.get(path)
    expect(text).to.include('It is here already.')
    expect(text).to.include('2 new comments are added to it; nothing else is changed.')
    const [known, fresh] = await write(path)
    expect(known).to.include({ state: 'known', added: 2 })
    expect(fresh).to.include({ state: 'written' })
    expect((await host.get(path)).text).to.include('2 new comments were added to what was here.')
    const all = await said()
    expect(all.map(({ text: words }) => words)).to.deep.equal([
      'Yes.',
      'Why?',
      'Because.',
      'I see.',
    ])
    expect(all[2]?.inReplyTo).to.equal(all[1]?.id)
    const again = await begin(node, host, { text: exported(post(1, 2014, more)) })
    expect((await host.get(again)).text).to.include('Nothing about it is changed.')
    expect((await write(again))[0])
      .to.include({ state: 'known' })
      .and.not.have.property('added')
    expect(await said()).to.have.lengthOf(4)
  })

  it('brings back nothing that was taken from a discussion, nor what the host leaves out', async () => {
    const [one] = await said()
    if (!one) throw new Error('nothing was said')
    await node.site.store.commit({ put: { items: [{ ...one, visibility: 'removed' }] } })
    const comments = comment(1, 'Yes.') + comment(5, 'Late.')
    const path = await begin(node, host, { text: exported(post(1, 2014, comments)) })
    expect((await host.get(path)).text).to.include('1 new comment is added')
    await write(path, { comments: [] })
    expect(await said()).to.have.lengthOf(4)
    expect((await node.site.store.get('items', one.id))?.visibility).to.equal('removed')
  })

  it('is readable and accessible where it says so, in both directions', async function () {
    const browser = await openBrowser(this)
    const comments = comment(6, 'Later still.')
    const path = await begin(node, host, { text: exported(post(1, 2014, comments)) })
    for (const language of ['en', 'ar']) {
      const seen = await browser.newContext({ viewport: { width: 360, height: 740 } })
      const cookies = [...host.cookies].map(([name, value]) => ({ name, value, url: node.origin }))
      await seen.addCookies(cookies)
      const page = await seen.newPage()
      await page.goto(`${node.origin}${path}?lang=${language}`)
      expect(await page.locator('.note').count()).to.be.above(0)
      await expectFine(page)
      await seen.close()
    }
  })

  it('goes under the meetings of its years from the terminal too, or under the one that is named', async () => {
    const file = join(folder, 'site.xml')
    writeFileSync(file, exported(post(11, 2016), post(12, 2017), post(13, 2016)))
    const at = { TRIBUTARY_DATA: node.data, TRIBUTARY_ORIGIN: node.origin }
    const run = (...args: string[]) => tributary(['import', file, ...args], at)
    expectRefused(await run('--meeting', 'nowhere'), /nowhere/)
    const { code, text } = await run('--meeting', 'year')
    expect(code, text).to.equal(0)
    const under = async (n: number) => {
      const item = await node.site.store.get(
        'items',
        `${node.origin}/discussions/should-gauge-${n}-be-public`,
      )
      return item && 'meeting' in item ? item.meeting?.split('/').at(-1) : undefined
    }
    expect([await under(11), await under(12), await under(13)]).to.deep.equal([
      'meeting-2016',
      'meeting-2017',
      'meeting-2016',
    ])
    const made = (await node.site.store.find('items', { where: { type: 'meeting' } })) as Item[]
    expect(made).to.have.lengthOf(2)
    writeFileSync(file, exported(post(14, 2018), post(1, 2014, comment(7, 'From the terminal.'))))
    const named = await run('--meeting', 'meeting-2016')
    expect(named.code, named.text).to.equal(0)
    expect(named.text).to.include('1 new comment was added to what was here.')
    expect(await under(14)).to.equal('meeting-2016')
  })
})
