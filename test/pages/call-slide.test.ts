/** The slide for the room: one screen, every kind and consensus in words, and where to answer. */
import { expect } from 'chai'
import { axeFindings } from '../help/accessibility.ts'
import { openBrowser } from '../help/browser.ts'
import { foundedServer } from '../help/community.ts'
import { endServers, testClock, type TestServer } from '../help/servers.ts'
import { signedIn } from '../help/signed-in.ts'
import { tokenIn, type Visitor, visitor } from '../help/visitor.ts'

const NEW = '/host/outcomes/new'
const sentence =
  'Every school of the delta has a line that works when the river is high, and says so. '
const marks = ['recommendation', 'message', 'divergent_view', 'finding', 'recommendation']
const text = marks
  .map(
    (kind, i) =>
      `${i + 1}. ${sentence.repeat(3)} {.${kind} .${i % 2 ? 'none_recorded' : 'rough_consensus'}}`,
  )
  .join('\n')

describe('the slide for the room', () => {
  let node: TestServer
  let boss: Visitor

  before(async () => {
    node = await foundedServer('node', testClock())
    boss = await signedIn(node)
    await boss.fill(NEW, NEW, { title: 'Messages of the delta', slug: 'delta', markdown: text })
  })
  after(endServers)

  it('shows a draft to its writers alone', async () => {
    const { status, text: page } = await boss.get('/host/outcomes/delta/slide')
    expect(status).to.equal(200)
    expect(page).to.include('Divergent view').and.to.include('No consensus recorded')
    expect(page).to.include('Comments will open later at').and.not.to.include('<nav')
    const guest = visitor(node.origin)
    expect((await guest.get('/host/outcomes/delta/slide')).url).to.equal('/login')
    expect((await guest.get('/outcomes/delta/slide')).status).to.equal(404)
  })

  it('fits one screen with five messages of three sentences, a phone and one printed page, in both directions', async function () {
    this.timeout(60_000)
    const path = '/host/outcomes/delta/steps/open'
    const closesAt = '2027-05-03T23:59'
    const look = await boss.fill(path, path, { closesAt })
    const rev = /name="rev" value="(\d+)"/.exec(look.text)?.[1] ?? ''
    await boss.send(path, { closesAt, rev, do: 'go' }, tokenIn(look.text))
    const browser = await openBrowser(this)
    for (const locale of ['en', 'ar']) {
      const context = await browser.newContext({
        locale,
        javaScriptEnabled: true,
        viewport: { width: 1280, height: 720 },
      })
      const page = await context.newPage()
      await page.goto(`${node.origin}/outcomes/delta/slide`)
      const high = () => page.evaluate('document.documentElement.scrollHeight')
      const wide = () => page.evaluate('document.documentElement.scrollWidth')
      expect(await high(), locale).to.be.at.most(720)
      expect(await axeFindings(page)).to.deep.equal([])
      await page.setViewportSize({ width: 360, height: 640 })
      expect(await wide(), locale).to.be.at.most(360)
      const pdf = (await page.pdf({ preferCSSPageSize: true })).toString('latin1')
      expect(pdf.match(/\/Type \/Page\b/g), locale).to.have.length(1)
      await context.close()
    }
    const { text: shown } = await visitor(node.origin).get('/outcomes/delta/slide')
    expect(shown).to.match(/outcomes\/delta<\/bdi> until <time[^>]*>[^<]*2027[^<]*23:59 UTC/)
  })
})
