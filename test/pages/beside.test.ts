/** Two languages of an outcome side by side: their standing, what has fallen behind, and what no longer exists. */
import { expect } from 'chai'
import type { Draft, Version } from '../../content/model.ts'
import { edit, publishImported, take, write, type Written } from '../../content/outcomes.ts'
import { groupId, outcomeId, versionId } from '../../federation/addresses.ts'
import { record } from '../../federation/record.ts'
import { expectFine } from '../help/accessibility.ts'
import { openBrowser } from '../help/browser.ts'
import { foundedServer } from '../help/community.ts'
import { endServers, testClock, type TestServer } from '../help/servers.ts'
import { signedIn } from '../help/signed-in.ts'
import { tokenIn, visitor } from '../help/visitor.ts'

const SLUG = 'messages'
const PAGE = `/outcomes/${SLUG}/beside`
const TEXTS = `/host/outcomes/${SLUG}/texts/ar`
const arabic = {
  title: 'رسائل',
  markdown: '## تمهيد\n\n1. صلوا المدارس أولًا.\n2. تقاسموا الكلفة.',
  standing: 'community' as const,
}

const written = (second: string): Written => ({
  language: 'en',
  texts: {
    en: { title: 'Messages', markdown: `## First\n\n1. Connect schools first.\n2. ${second}` },
    ar: arabic,
  },
  year: 2026,
  tags: {},
})

describe('two languages side by side', () => {
  let node: TestServer
  const id = () => outcomeId(node, SLUG)
  const by = () => ({ by: 'Noor', actor: groupId(node), at: node.site.now() })
  const draft = async () => (await node.site.store.get('drafts', id())) as Draft

  beforeEach(async () => {
    node = await foundedServer('node', testClock())
    const identity = { id: id(), slug: SLUG, initiative: groupId(node) }
    const [made] = write(written('Share the cost.'), identity, by()).put?.drafts ?? []
    await record(node.site, publishImported(made as Draft, node.site.now(), by()))
  })
  after(endServers)

  /** The second message gets other words; nobody has looked at the translation. */
  async function correctSecond() {
    const [edited] = edit(await draft(), written('Share the whole cost.'), by()).put?.drafts ?? []
    await record(node.site, take(edited as Draft, 'correct', { reason: 'It was vague' }, by()))
  }

  it('stand message by message, each with its language, direction and standing', async () => {
    const guest = visitor(node.origin)
    const { text: outcome } = await guest.get(`/outcomes/${SLUG}`)
    expect(outcome).to.include(`href="${PAGE}"`)
    const { text } = await guest.get(PAGE)
    expect(text).to.include('community translation').and.include('original')
    expect(text).to.match(
      /lang="ar" dir="rtl"><a [^>]*>1<\/a>\s*<div class="statement words"><p>صلوا/,
    )
    expect(text).to.match(
      /lang="en" dir="ltr"><a [^>]*>1<\/a>\s*<div class="statement words"><p>Conn/,
    )
    expect(text.indexOf('صلوا')).to.be.below(text.indexOf('Share the cost.'))
    expect(text).not.to.include('of an earlier wording')
  })

  it('mark the message whose original has changed since, and no other', async () => {
    await correctSecond()
    const { text } = await visitor(node.origin).get(PAGE)
    expect(text).to.include('1 message of this translation was made from an earlier wording')
    const [, first = '', second = ''] = text.split('<section class="beside')
    expect(first).not.to.include('of an earlier wording')
    expect(second.match(/of an earlier wording/g)).to.have.length(1)
    const version = (await node.site.store.get('versions', versionId(id(), 2))) as Version
    expect(version.wire).to.include('"of":"sha-256:')
  })

  it('are chosen without a script, and a language that is no longer there has a clear answer', async () => {
    const guest = visitor(node.origin)
    const turned = await guest.get(`${PAGE}?left=ar&right=en`)
    expect(turned.text.indexOf('صلوا')).to.be.below(turned.text.indexOf('Connect schools'))
    expect(turned.text).to.include('<option value="ar" selected>')
    for (const query of ['?right=fr', '?left=__proto__']) {
      const page = await guest.get(PAGE + query)
      expect(page.status).to.equal(404)
      expect(page.text).to.include('The latest version has no text in the language')
    }
    const shorter = {
      ...written('Share the cost.'),
      texts: { en: written('').texts.en },
    } as Written
    const [edited] = edit(await draft(), shorter, by()).put?.drafts ?? []
    await record(node.site, take(edited as Draft, 'correct', { reason: 'Taken out' }, by()))
    expect((await guest.get(`${PAGE}?right=ar`)).status).to.equal(404)
    expect((await guest.get(PAGE)).text).to.include('stands in one language so far')
  })

  it('a translation of words that have changed meanwhile is given back, and writes nothing', async () => {
    const boss = await signedIn(node)
    const { text } = await boss.get(TEXTS)
    const hidden = (name: string) =>
      new RegExp(`name="${name}" value="(\\w+)"`).exec(text)?.[1] ?? ''
    await correctSecond()
    const before = await draft()
    const typed = { ...arabic, title: 'رسائل جديدة', seen: hidden('seen') }
    const answer = await boss.send(TEXTS, { ...typed, original: hidden('original') }, tokenIn(text))
    expect(answer.status).to.equal(409)
    expect(answer.text).to.include('The original has changed since you opened this form')
    expect(answer.text).to.include('value="رسائل جديدة"').and.include('Share the whole cost.')
    expect(await draft()).to.deep.equal(before)
  })

  it('a translation of what was withdrawn, or never was, is refused, and writes nothing', async () => {
    const boss = await signedIn(node)
    const { text } = await boss.get(TEXTS)
    await record(node.site, take(await draft(), 'withdraw', { reason: 'Wrong' }, by()))
    const before = await draft()
    const withdrawn = await boss.send(TEXTS, arabic, tokenIn(text))
    expect(withdrawn.status).to.equal(409)
    expect(await draft()).to.deep.equal(before)
    const never = await boss.send('/host/outcomes/nothing/texts/ar', arabic, tokenIn(text))
    expect(never.status).to.equal(404)
    const none = await node.site.store.get('drafts', outcomeId(node, 'nothing'))
    expect(none).to.equal(undefined)
    expect((await visitor(node.origin).get(PAGE)).status).to.equal(410)
  })

  it('stand in two columns on a wide screen and below each other on a phone, and pass axe', async function () {
    this.timeout(60_000)
    const browser = await openBrowser(this)
    await correctSecond()
    for (const [width, locale] of [
      [360, 'ar'],
      [1280, 'en'],
    ] as const) {
      const page = await browser.newPage({ viewport: { width, height: 900 }, locale })
      await page.goto(node.origin + PAGE)
      await expectFine(page)
      const cells = await page.locator('section.beside .message').all()
      const [first, second] = await Promise.all(cells.slice(0, 2).map((each) => each.boundingBox()))
      expect(first?.y === second?.y, `${width}`).to.equal(width === 1280)
      await page.close()
    }
  })
})
