/** Outcomes that leave the node on paper: the page to print, and the Word file, of one outcome and of a meeting. */
import { expect } from 'chai'
import { docxOf } from '../../server/docx.ts'
import { partsIn } from '../../content/parts.ts'
import type { Version } from '../../content/model.ts'
import { outcomeId, versionId } from '../../federation/addresses.ts'
import { expectFine, looks } from '../help/accessibility.ts'
import { openBrowser } from '../help/browser.ts'
import { filledNode } from '../help/community.ts'
import { publish, withdraw } from '../help/publishing.ts'
import { endServers, type TestServer } from '../help/servers.ts'
import { visitor } from '../help/visitor.ts'
import { unzipped, wordParagraphs } from '../help/zip.ts'

const PAGE_BYTES_MAX = 50 * 1024
const COAST = 'messages-from-port-argent'
const OASES = 'palm-oasis-messages'

describe('booklets', () => {
  let coast: TestServer
  let oases: TestServer

  before(async () => {
    ;[coast, oases] = await Promise.all([filledNode('coast'), filledNode('oases')])
  })
  after(endServers)

  async function word({ origin }: TestServer, path: string) {
    const response = await fetch(origin + path, { headers: { 'accept-language': 'en' } })
    expect(response.status, path).to.equal(200)
    return { bytes: Buffer.from(await response.arrayBuffer()), headers: response.headers }
  }

  const versionOf = async ({ site }: TestServer, slug: string) =>
    (await site.store.get('versions', versionId(outcomeId(site, slug), 1))) as Version

  const letters = (text: string) => text.replace(/[^\p{L}\p{N}]/gu, '')

  it('print an outcome with its messages, state, version, digest, address and languages', async () => {
    const { text } = await visitor(coast.origin).get(`/outcomes/${COAST}/booklet`)
    const version = await versionOf(coast, COAST)
    for (const { number, key } of version.statements) {
      expect(text).to.include(`-${key}"`).and.include(`>${number}</a>`)
    }
    for (const said of [version.digest, version.outcome, 'Published', 'official translation'])
      expect(text).to.include(said)
    expect(text).to.include('Divergent views: messages').and.include('They do not bind')
    expect(text).not.to.include('<form')
  })

  it('print a meeting from its title page to its last outcome, with those who wrote it down', async () => {
    const { text } = await visitor(coast.origin).get('/meetings/meeting-2026/booklet')
    expect(text).to.include('class="cover"').and.include('Tomás Ferrão (Silver Coast IGF)')
    expect(text).to.include(`<a href="#o-${COAST}"`).and.include(`id="o-${COAST}"`)
    expect(text).to.include('@page :first')
    expect(Buffer.byteLength(text)).to.be.below(PAGE_BYTES_MAX)
  })

  it('lose no word on the way into a Word file', async () => {
    for (const [server, slug] of [
      [coast, COAST],
      [oases, OASES],
    ] as const) {
      const version = await versionOf(server, slug)
      for (const [language, { title, summary, blocks }] of Object.entries(version.texts)) {
        const { bytes } = await word(server, `/outcomes/${slug}.docx?lang=${language}`)
        const all = letters(
          wordParagraphs(bytes)
            .map(({ text }) => text)
            .join(''),
        )
        for (const text of [title, summary, version.disclaimer, version.methodNote])
          expect(all).to.include(letters(text))
        for (const { markdown } of blocks) expect(all).to.include(letters(markdown))
        expect(all).to.include(letters(version.digest))
      }
    }
  })

  it('have real headings, numbered messages, and the version and digest at the foot of each page', async () => {
    const { bytes, headers } = await word(coast, `/outcomes/${COAST}.docx`)
    expect(headers.get('content-disposition')).to.include(`${COAST}.en.docx`)
    const paragraphs = wordParagraphs(bytes)
    expect(paragraphs.filter(({ style }) => style === 'Title')).to.have.length(1)
    const headings = paragraphs.filter(({ style }) => style.startsWith('Heading'))
    expect(headings[0]).to.include({ style: 'Heading1', text: 'The first seventy-two hours' })
    expect(paragraphs.find(({ text }) => text.startsWith('1 A cut cable'))?.xml).to.include(
      'w:hanging',
    )
    const footer = unzipped(bytes).get('word/footer1.xml') ?? ''
    expect(footer)
      .to.include((await versionOf(coast, COAST)).digest)
      .and.include('PAGE')
  })

  it('run from right to left in Arabic, and say which language each word is in', async () => {
    const { bytes, headers } = await word(oases, '/meetings/meeting-2026.docx?lang=ar')
    expect(headers.get('content-language')).to.equal('ar')
    const paragraphs = wordParagraphs(bytes)
    const message = paragraphs.find(({ text }) => text.startsWith('1 الشبكة'))
    expect(message?.xml).to.include('<w:bidi/>').and.include('<w:rtl/>')
    expect(message?.xml).to.include('w:bidi="ar"')
    const xml = unzipped(bytes).get('word/document.xml') ?? ''
    expect(xml).to.include('<w:bidiVisual/>')
    const english = await word(oases, `/outcomes/${OASES}.docx?text=en`)
    const first = wordParagraphs(english.bytes).find(({ text }) => text.startsWith('1 '))
    expect(first?.xml).not.to.include('<w:bidi/>')
    expect(first?.xml).to.include('w:val="en"')
  })

  it('have tables that stay apart, with a head that looks like one, and lines that never overlap', async () => {
    const parts = partsIn(
      '| A | B |\n| - | - |\n| 1 | 2 |\n\n| C | D |\n| - | - |\n| 3 | 4 |',
      'en',
    )
    const files = unzipped(
      await docxOf({ title: 'T', author: 'A', language: 'en', footer: 'F', parts }),
    )
    const xml = files.get('word/document.xml') ?? ''
    expect(xml)
      .to.match(/<\/w:tbl><w:p>/)
      .and.not.include('</w:tbl><w:tbl>')
    expect(xml.match(/w:fill="E8F1F1"/g)).to.have.length(4)
    expect(files.get('word/styles.xml')).to.include('w:lineRule="auto"')
  })

  it('keep bold, links, lists and tables of Markdown, and nothing that a page would not show', async () => {
    const markdown = [
      '## Why & how',
      'One **bold** and *slanted* word, `code`, [a page](https://x.example/?a=1&b=2), [not](javascript:alert).',
      '- first\n  - inner\n- second &amp; last',
      '3. three\n4. four',
      '| A | B |\n| - | - |\n| 1 | 2 |',
      '> said',
      '<b>HTML</b> and <script>alert(1)</script>\u0007',
    ].join('\n\n')
    const parts = partsIn(markdown, 'en', 1)
    expect(parts.map(({ kind }) => kind).join(' ')).to.equal(
      'heading paragraph item item item item item table paragraph paragraph',
    )
    const paper = { title: 'T', author: 'A', language: 'en', footer: 'F', parts }
    const files = unzipped(await docxOf(paper))
    const xml = files.get('word/document.xml') ?? ''
    expect(xml).to.include('second &amp; last').and.include('<w:b/>').and.include('<w:i/>')
    expect(xml).to.include('w:tblHeader').and.not.include('\u0007')
    const links = files.get('word/_rels/document.xml.rels') ?? ''
    expect(links).to.include('https://x.example/?a=1&amp;b=2').and.not.include('javascript')
    expect(xml).to.include('>3.<').and.include('>4.<')
  })

  it('stand on several light pages when a meeting has much to say, with contents that lead there', async () => {
    const meeting = `${coast.origin}/meetings/meeting-2026`
    const long = Array.from(
      { length: 60 },
      (_, i) => `- ${`Point ${i} of a long list. `.repeat(14)}`,
    )
    for (const n of [1, 2]) {
      const id = await publish(coast.site, `long-${n}`, long.join('\n'))
      const item = await coast.site.store.get('items', id)
      if (item?.type === 'outcome')
        await coast.site.store.commit({ put: { items: [{ ...item, meeting }] } })
    }
    const guest = visitor(coast.origin)
    const first = await guest.get('/meetings/meeting-2026/booklet')
    const second = await guest.get('/meetings/meeting-2026/booklet?page=2')
    for (const n of [1, 2]) expect(first.text).to.include(`/booklet?page=${n + 1}#o-long-${n}"`)
    expect(second.text).to.include('id="o-long-1"').and.not.include('id="o-long-2"')
    expect(Buffer.byteLength(first.text)).to.be.below(PAGE_BYTES_MAX)
    expect(Buffer.byteLength(second.text)).to.be.below(PAGE_BYTES_MAX)
    const { bytes } = await word(coast, '/meetings/meeting-2026.docx')
    const titles = wordParagraphs(bytes).filter(({ style }) => style === 'Heading1')
    expect(titles.map(({ text }) => text)).to.include.members(['long-1', 'long-2'])
  })

  it('are not made of what was withdrawn, nor of what is longer than anybody prints', async () => {
    const id = await publish(coast.site, 'taken-back', '- One\n- Two')
    await withdraw(coast.site, id)
    const guest = visitor(coast.origin)
    for (const path of ['/booklet', '.docx']) {
      const page = await guest.get(`/outcomes/taken-back${path}`)
      expect(page.status).to.equal(410)
      expect(page.text).not.to.include('Two')
    }
    const parts = partsIn('- a\n'.repeat(20_000), 'en')
    const refused = docxOf({ title: '', author: '', language: 'en', footer: '', parts })
    expect(await refused.catch((error: { reason: string }) => error.reason)).to.equal('too_large')
  })

  it('pass axe, fit a phone and print on paper, in both directions', async function () {
    this.timeout(60_000)
    const browser = await openBrowser(this)
    for (const [server, slug, look] of [
      [coast, COAST, looks[0]],
      [oases, OASES, looks[1]],
    ] as const) {
      const page = await browser.newPage({ ...look, viewport: { width: 360, height: 740 } })
      for (const path of [`/outcomes/${slug}/booklet`, '/meetings/meeting-2026/booklet']) {
        await page.goto(server.origin + path)
        await expectFine(page)
      }
      await page.emulateMedia({ media: 'print' })
      expect(await page.locator('.top').isVisible()).to.equal(false)
      expect(await page.locator('.message .number').first().isVisible()).to.equal(true)
      expect((await page.pdf()).length).to.be.above(1000)
      await page.close()
    }
  })
})
