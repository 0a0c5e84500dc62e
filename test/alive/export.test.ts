/** The export that another server imports, and the archive that reads from a disk. */
import { execFileSync } from 'node:child_process'
import { existsSync, globSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { expect } from 'chai'
import type { Draft } from '../../content/model.ts'
import { importAll, readAll } from '../../scripts/commands/import.ts'
import { filledNode, foundedServer } from '../help/community.ts'
import { answerFrom } from '../help/publishing.ts'
import { openBrowser } from '../help/browser.ts'
import { endServers, type TestServer } from '../help/servers.ts'
import { signedIn, signedInAs } from '../help/signed-in.ts'
import { endProcesses, tributary } from '../scripts/run.ts'

const folder = mkdtempSync(join(tmpdir(), 'tributary-export-'))
const of = ({ data, origin }: TestServer) =>
  ({ TRIBUTARY_DATA: data, TRIBUTARY_ORIGIN: origin, TRIBUTARY_PRIVATE_PEERS: 'allow' }) as const

describe('what is taken out of a server', () => {
  let node: TestServer
  before(async () => {
    node = await filledNode('coast')
    const [discussion] = await node.site.store.find('items', { where: { type: 'discussion' } })
    if (discussion) await answerFrom(node.site, 'amina', discussion, 'Words of Amina')
  })
  after(async () => {
    await endProcesses()
    await endServers()
    rmSync(folder, { recursive: true, force: true })
  })

  it('the export holds what was signed, and what it holds makes a fresh server say the same', async () => {
    const zip = join(folder, 'export.zip')
    const made = await tributary(['export', zip], of(node))
    expect(made.code, made.text).to.equal(0)
    expect(statSync(zip).mode & 0o077).to.equal(0)
    const out = join(folder, 'export')
    execFileSync('python3', ['-m', 'zipfile', '-e', zip, out])
    const read = (name: string) => readFileSync(join(out, name), 'utf8')
    const { size } = await node.site.store.head()
    const outbox = read('activitystreams/outbox.json')
    expect((JSON.parse(outbox) as { orderedItems: unknown[] }).orderedItems).to.have.length(size)
    for (const { wire } of await node.site.store.log('public', 0, size))
      expect(outbox).to.include(wire)
    expect(read('lists/contributions.csv')).to.include('Words of Amina')
    expect(read('log/checkpoint.txt')).to.include(String(size))
    expect(read('README.md')).to.include(node.origin)
    for (const file of globSync('**/*.*', { cwd: out })) {
      expect(read(file), file).not.to.match(/PRIVATE KEY|scrypt|host@/)
    }
    const fresh = await foundedServer()
    const items = readAll(join(out, 'markdown'))
    const counts = await importAll(fresh.site, items, { quiet: true })
    expect(counts.wrong, JSON.stringify(items.filter(({ mistakes }) => mistakes))).to.equal(0)
    const said = async ({ site }: TestServer) =>
      (await site.store.find('drafts', { order: 'oldest', limit: 100 }))
        .map(same)
        .sort((a, b) => a.slug.localeCompare(b.slug))
    expect(await said(fresh)).to.deep.equal(await said(node))
    for (const type of ['meeting', 'session', 'discussion']) {
      const where = { type, local: 'true' }
      expect(await fresh.site.store.count('items', { where }), type).to.equal(
        await node.site.store.count('items', { where }),
      )
    }
  })

  it('the archive has no dead link, no form and no script, and opens in a browser from the disk', async function () {
    const out = join(folder, 'archive')
    const made = await tributary(['archive', out], of(node))
    expect(made.code, made.text).to.equal(0)
    const pages = globSync('**/*.html', { cwd: out })
    expect(pages.length).to.be.above(20)
    for (const page of pages) {
      const text = readFileSync(join(out, page), 'utf8')
      expect(text, page).not.to.match(/<form|<script/)
      expect(text, page).to.include('This is an archive of')
      for (const [, href = ''] of text.matchAll(/\bhref="([^"]*)"/g)) {
        expect(href, page).not.to.match(/^\//)
        if (/^(#|https?:|mailto:)/.test(href)) continue
        const path = resolve(out, dirname(page), href.split('#')[0] ?? '')
        expect(existsSync(path), `${page} leads to ${href}`).to.equal(true)
      }
    }
    const objects = globSync('outcomes/*/versions/*/object.json', { cwd: out })
    expect(objects.length).to.be.above(0)
    for (const file of objects) {
      expect(
        (JSON.parse(readFileSync(join(out, file), 'utf8')) as { proof?: unknown }).proof,
      ).not.to.equal(undefined)
    }
    const browser = await openBrowser(this)
    const page = await (await browser.newContext({ javaScriptEnabled: false })).newPage()
    await page.goto(pathToFileURL(join(out, 'index.html')).href)
    await page.click('header nav a')
    expect(page.url()).to.match(/outcomes\.html$/)
    await page.click('main .entries a')
    expect(await page.textContent('h1')).not.to.equal('')
    expect(
      await page.evaluate('getComputedStyle(document.querySelector("main")).maxWidth'),
    ).not.to.equal('none')
  })

  it('both are downloaded by a host from a page, and by nobody else', async () => {
    const guest = await signedIn(node)
    for (const kind of ['export', 'archive']) {
      const page = await guest.get('/host/export')
      const token = /name="_token" value="([^"]*)"/.exec(page.text)?.[1] ?? ''
      const zip = await guest.send('/host/export', { kind }, token)
      expect(zip.status).to.equal(200)
      expect(zip.text.startsWith('PK')).to.equal(true)
      expect(zip.headers.get('cache-control')).to.equal('no-store')
    }
    const editor = await signedInAs(node, 'editor')
    expect((await editor.get('/host/export')).status).to.equal(403)
  })
})

/** What an outcome says, without when and where it was said. */
const same = ({ slug, language, texts, statements, tags, year, outcomeType, version }: Draft) => ({
  slug,
  language,
  year,
  outcomeType,
  isPublic: version > 0,
  tags,
  texts: Object.entries(texts)
    .map(([each, { title, summary, markdown, standing }]) => ({
      each,
      title,
      summary,
      markdown,
      standing,
    }))
    .sort((a, b) => a.each.localeCompare(b.each)),
  statements: statements.map(({ number, kind, consensus, tags: each }) => ({
    number,
    kind,
    consensus,
    each,
  })),
})
