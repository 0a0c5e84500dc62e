/** The annual report: begun from what the node holds, written on, counted again, published, and read in every form. */
import { expect } from 'chai'
import type { Page } from 'playwright-core'
import type { AnnualReport } from '../../content/annual-report.ts'
import type { Outcome, Version } from '../../content/model.ts'
import { outcomeId, versionId } from '../../federation/addresses.ts'
import { expectFine, looks } from '../help/accessibility.ts'
import { openBrowser } from '../help/browser.ts'
import { filledNode, host } from '../help/community.ts'
import { publish } from '../help/publishing.ts'
import { endServers, type TestServer } from '../help/servers.ts'
import { signedIn, signedInAs } from '../help/signed-in.ts'
import { tokenIn, visitor, type Visitor } from '../help/visitor.ts'
import { wordParagraphs } from '../help/zip.ts'

const LIST = '/host/reports'
const PLACE = '/host/reports/2026'
const PAGE_BYTES_MAX = 50 * 1024

describe('the annual report', () => {
  let node: TestServer
  let boss: Visitor

  before(async () => {
    node = await filledNode('coast')
    boss = await signedIn(node)
  })
  after(endServers)

  const report = async () =>
    (await node.site.store.get('annualReports', `${node.origin}/reports/2026`)) as AnnualReport
  const section = async (name: string) =>
    (await report()).sections.find((each) => each.name === name)?.markdown ?? ''

  it('takes the figures of a meeting broken down, and says which line it does not understand', async () => {
    const form = '/host/meetings/meeting-2026'
    const figures = {
      'participation.total': '100',
      'participation.onsite': '97',
      'participation.online': '3',
      'participation.groups': 'Civil society; 60\nGovernment; 40',
      'participation.genders': 'Women: 58\nMen: 40\nOthers: 2',
      'participation.countries': 'GM; 80\nAtlantis; 20',
    }
    const wrong = await boss.fill(form, form, figures)
    expect(wrong.status).to.equal(400)
    expect(wrong.text).to.include('“Atlantis” in line 2')
    const countries = 'gm 80\nSN 20'
    const page = await boss.fill(form, form, { ...figures, 'participation.countries': countries })
    expect(page.url, page.text).to.equal(form)
    expect(page.text).to.include('Civil Society; 60')
    const shown = await visitor(node.origin).get('/meetings/meeting-2026')
    expect(shown.text).to.include('online fewer than 5').and.not.include('on site 97')
    const wire = await fetch(`${node.origin}/meetings/meeting-2026`, {
      headers: { accept: 'application/activity+json' },
    })
    const told = (await wire.json()) as { meetingRecord: { participation: object } }
    expect(told.meetingRecord.participation).to.deep.equal({
      total: 100,
      groups: { civil_society: 60, government: 40 },
      genders: { Women: 58 },
      countries: { GM: 80, SN: 20 },
    })
  })

  it('begins with every section filled in from what the node holds', async () => {
    const page = await boss.fill(LIST, LIST, { year: '2026', language: 'en' })
    expect(page.url).to.equal(PLACE)
    expect(page.text).to.include('Annual report 2026: Silver Coast Internet Governance Forum')
    expect(await section('introduction')).to.include('Harbour Hall, Port-Argent')
    expect(await section('participation')).to.include('| Others | fewer than 5 |')
    expect(await section('participation'))
      .to.include('Gambia | 80 |')
      .and.not.include('| 97 |')
    expect(await section('programme')).to.include('The programme had 2 sessions.')
    expect(await section('messages')).to.include('1. A cut cable is a public matter.')
    expect(await section('languages')).to.include('French')
    expect(await section('funding')).to.equal('')
    expect((await visitor(node.origin).get('/reports/2026')).status).to.equal(404)
    expect(await node.site.store.get('drafts', outcomeId(node, 'annual-report-2026'))).to.equal(
      undefined,
    )
  })

  it('says what is wrong with a year or a language, and begins nothing', async () => {
    expect((await boss.fill(LIST, LIST, { year: '26' })).status).to.equal(400)
    expect((await boss.fill(LIST, LIST, { year: '2025', language: 'xx' })).status).to.equal(400)
    const count = await node.site.store.count('annualReports', {})
    expect(count).to.equal(1)
  })

  it('keeps what a host writes, and does not write over somebody else', async () => {
    const { text } = await boss.get(PLACE)
    const rev = /name="rev" value="(\d+)"/.exec(text)?.[1] ?? ''
    const saved = await boss.fill(PLACE, PLACE, {
      funding: 'Paid by **members**.\n\n- A bank\n- A port',
    })
    expect(saved.text).to.include('Paid by **members**.')
    const late = await boss.send(PLACE, { title: 'T', funding: 'Late words', rev }, tokenIn(text))
    expect(late.status).to.equal(409)
    expect(late.text).to.include('Late words')
    expect(await section('funding')).to.include('Paid by')
  })

  it('shows what counting again would change before it replaces anything', async () => {
    const programme = await section('programme')
    await boss.fill(PLACE, PLACE, { programme: `${programme}\n\nIt was made by the community.` })
    await publish(node.site, 'late-outcome', '- A late message')
    const before = await report()
    const shown = await boss.get(`${PLACE}/fill`)
    expect(shown.text).to.include('A late message').and.include('<ins>')
    expect(shown.text).to.include('it was edited by hand')
    expect(await report()).to.deep.equal(before)
    await boss.fill(`${PLACE}/fill`, `${PLACE}/fill`, {})
    expect(await section('messages')).to.include('A late message')
    expect(await section('programme')).to.include('made by the community')
    const stale = await boss.send(
      `${PLACE}/fill`,
      { replace: 'programme', print: 'old' },
      tokenIn(shown.text),
    )
    expect(stale.status).to.equal(409)
    expect(await section('programme')).to.include('made by the community')
  })

  it('is published as a signed outcome without messages of its own, by whoever may publish', async () => {
    const editor = await signedInAs(node, 'editor')
    expect((await editor.get(`${PLACE}/publish`)).status).to.equal(403)
    const look = await boss.get(`${PLACE}/publish`)
    expect(look.text).to.include('Empty, and so left out').and.include('Evaluation')
    const page = await boss.fill(`${PLACE}/publish`, `${PLACE}/publish`, {})
    expect(page.url).to.equal(PLACE)
    const id = outcomeId(node, 'annual-report-2026')
    const version = (await node.site.store.get('versions', versionId(id, 1))) as Version
    expect(version).to.include({ outcomeType: 'annual_report', state: 'published' })
    expect(version.statements).to.deep.equal([])
    expect(version.digest).to.match(/^sha-256:/)
    const [found] = (await node.site.store.find('items', {
      where: { outcomeType: 'annual_report' },
    })) as Outcome[]
    expect(found?.id).to.equal(id)
  })

  it('is read as a page, a Word file and JSON, and is listed', async () => {
    const guest = visitor(node.origin)
    expect((await guest.get('/reports')).text).to.include('href="/reports/2026"')
    const { text } = await guest.get('/reports/2026')
    expect(text).to.include('A. Preparatory process').and.include('B. The event and its outcomes')
    expect(text).to.include('and edited by hand since').and.include('<strong>members</strong>')
    expect(text).not.to.include('class="message"')
    const json = JSON.parse((await guest.get('/reports/2026.json')).text)
    expect(json).to.include({ type: 'AnnualReport', year: 2026, version: 1, language: 'en' })
    expect(json.figures.sessions).to.include({ total: 2 })
    expect(json.sections.map(({ name }: { name: string }) => name)).to.include('funding')
    const docx = await fetch(`${node.origin}/reports/2026.docx?lang=en`)
    const paragraphs = wordParagraphs(Buffer.from(await docx.arrayBuffer()))
    expect(paragraphs.find(({ text: said }) => said === 'Funding and sponsors')?.style).to.equal(
      'Heading2',
    )
    expect(paragraphs.map(({ text: said }) => said)).to.include.members([
      'A bank',
      'Paid by members.',
    ])
  })

  it('is corrected with a reason, and its outcome leads back to it', async () => {
    await boss.fill(PLACE, PLACE, { next: 'A meeting in 2027.' })
    const without = await boss.fill(`${PLACE}/publish`, `${PLACE}/publish`, {})
    expect(without.status).to.equal(400)
    const reason = 'The next steps were missing'
    await boss.fill(`${PLACE}/publish`, `${PLACE}/publish`, { reason })
    const { text } = await visitor(node.origin).get('/reports/2026')
    expect(text).to.include('A meeting in 2027.').and.include('version 2')
    expect((await boss.get('/host/outcomes/annual-report-2026')).url).to.equal(PLACE)
  })

  it('is made without a script, passes axe, fits a phone and stays light, in both directions', async function () {
    this.timeout(90_000)
    const browser = await openBrowser(this)
    const oases = await filledNode('oases')
    const context = {
      viewport: { width: 360, height: 740 },
      locale: 'en',
      javaScriptEnabled: false,
    }
    const page = await browser.newPage(context)
    await signIn(page, oases)
    await page.goto(`${oases.origin}${LIST}`)
    await page.getByRole('button', { name: 'Begin and fill it in' }).click()
    await page.fill('[name=evaluation]', 'كان جيدًا.')
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByRole('link', { name: 'Publish the report' }).first().click()
    await page.getByRole('button', { name: 'Publish the report' }).click()
    await page.waitForURL(/done=published/)
    await page.close()
    for (const look of looks) {
      const looked = await browser.newPage({ ...look, viewport: { width: 360, height: 740 } })
      await signIn(looked, oases)
      for (const path of [
        '/reports',
        '/reports/2026',
        LIST,
        PLACE,
        `${PLACE}/fill`,
        `${PLACE}/publish`,
      ]) {
        await looked.goto(`${oases.origin}${path}?lang=${look.locale}`)
        await expectFine(looked)
        expect(Buffer.byteLength(await looked.content()), path).to.be.below(PAGE_BYTES_MAX)
      }
      await looked.close()
    }
  })

  async function signIn(page: Page, { origin }: TestServer) {
    await page.goto(`${origin}/login`)
    await page.fill('[name=email]', host.email)
    await page.fill('[name=password]', host.password)
    await page.press('[name=password]', 'Enter')
    await page.waitForURL(`${origin}/host`)
  }
})
