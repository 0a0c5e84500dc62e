/** SECURITY-CLASSES F: content that is code, in every field of somebody else's that a page shows. */
import { expect } from 'chai'
import { decided } from '../help/publishing.ts'
import {
  answerOf,
  type Arena,
  attacks,
  closeArena,
  openArena,
  outcomeOf,
  type Row,
  settled,
} from '../help/attack.ts'
import { activity, type Json, proven } from '../help/hostile.ts'
import { signedIn } from '../help/signed-in.ts'
import { visitor } from '../help/visitor.ts'

/** What must never stand in a page, whatever was sent. */
const CODE =
  /<script|<svg|<math|<iframe|<object|<embed|<style|<img|<form[^>]*evil|<input[^>]*evil|<base|<meta[^>]*refresh|<link[^>]*evil|(href|src|action)="(javascript|data|vbscript):|style="/i

/** evil() marks what is code. */
const codes = [
  '<script>evil()</script>',
  '<img src=x onerror="evil()">',
  '<p onclick="evil()" style="position:fixed">p</p>',
  '<style>*{display:none}</style>',
  '<form action="https://evil.example"><input name="evil"></form>',
  '<iframe src="https://evil.example"></iframe>',
  '<svg onload="evil()"><script>evil()</script></svg>',
  '<math><mtext></p><style><img src onerror="evil()"></style></mtext></math>',
  '<a href="javascript:evil()">a</a><a href="java&#09;script:evil()">b</a>',
  '<a href="data:text/html,<script>evil()</script>">a</a><a href=" vbscript:evil()">b</a>',
  '<base href="https://evil.example"><meta http-equiv="refresh" content="0;evil">',
  '<link rel="stylesheet" href="https://evil.example/x.css">',
  '<noscript><p title="</noscript><img src=x onerror=evil()>"></noscript>',
  '"><script>evil()</script>',
  '<template><script>evil()</script></template><textarea></textarea><script>evil()</script>',
  '[a](javascript:evil()) <b onmouseover=evil()>b</b> ![x](x "onerror=evil()")',
]

/** Our own pages have a style and pictures of their own: those that were there before count. */
const codeIn = (page: string) =>
  (page.match(/<[^>]*>/g) ?? []).filter((tag) => CODE.test(tag) || listens(tag))
/** Whether a tag has an attribute that runs something; what stands in quotes is only text. */
const listens = (tag: string) => /\son\w/i.test(tag.replace(/="[^"]*"/g, ''))
let ownCode: string[] = []

const BIDI = /[\u202a-\u202e\u2066-\u2069\u200b\u0000-\u0008]/u

const rows: Row[] = codes.map((code, i) => ({
  name: `F code in an answer, and in the name of who gives it: ${code.slice(0, 40)}`,
  answers: '202',
  becomes: 'done',
  changes: true,
  does: async (arena) => {
    const user = arena.far.actor(`f${i}`, { name: code, summary: code, url: 'javascript:evil()' })
    const said = answerOf(user, arena, `${code}<p>the end ${i}</p>`, {
      name: code,
      summary: code,
      affiliation: code.slice(0, 150),
      url: 'javascript:evil()',
      tag: [{ type: 'Emoji', name: code, icon: { type: 'Image', url: 'javascript:evil()' } }],
      attachment: [
        { type: 'Document', mediaType: 'text/html', url: 'javascript:evil()', name: code },
      ],
    })
    const reply = await arena.post(user, activity(user, 'Create', said))
    await settled(arena.node.site)
    await decided(arena.node.site, said.id, 'shown')
    return reply
  },
  after: async ({ node, talk }) => {
    const { text } = await visitor(node.origin).get(new URL(talk).pathname)
    expect(text).to.include(`the end ${i}`)
    expect(codeIn(text)).to.deep.equal(ownCode)
    const feed = await visitor(node.origin).get(`${new URL(talk).pathname}.json`)
    expect(feed.text).not.to.match(/<script|onerror=|javascript:evil/)
  },
}))

describe('hostile F: content', () => {
  let arena: Arena
  before(async () => {
    arena = await openArena()
    const { text } = await visitor(arena.node.origin).get(new URL(arena.talk).pathname)
    ownCode = codeIn(text)
  })
  after(closeArena)
  attacks(rows, () => arena)

  it('F code in an outcome that is gathered: its title, words, summary, notes and links', async () => {
    const { river, guild, clock, tell } = arena
    for (const [i, code] of codes.entries()) {
      const { proof: _proof, ...made } = outcomeOf(guild, `f${i}`, 1, clock.now()) as Json
      const record = made.outcomeRecord as Json
      const { en } = record.texts as { en: Json }
      const markdown = `${code} needle${i}`
      const blocks = [{ kind: 'message', markdown, html: code, message: 'm-1' }]
      const texts = { en: { ...en, title: code.slice(0, 200), summary: code, markdown, blocks } }
      const notes = { methodNote: code, disclaimer: code, licence: code.slice(0, 100) }
      const document = {
        ...made,
        outcomeRecord: { ...record, ...notes, texts, source: 'javascript:evil()' },
      }
      await tell(guild, activity(guild, 'Create', proven(guild, document, clock.now())))
      const fit = { ...document, outcomeRecord: { ...record, ...notes, texts } }
      await tell(guild, activity(guild, 'Create', proven(guild, fit, clock.now())))
    }
    const own = codeIn((await visitor(river.origin).get('/search?q=needle')).text)
    await settled(river.site)
    const held = await river.site.store.find('items', {
      where: { type: 'message', initiative: guild.id },
      limit: 100,
    })
    expect(held).to.have.length(codes.length)
    for (const [i] of codes.entries()) {
      const { text } = await visitor(river.origin).get(`/search?q=needle${i}`)
      expect(text).to.include('needle')
      expect(codeIn(text)).to.deep.equal(own)
    }
    for (const item of held)
      expect(JSON.stringify(item)).not.to.match(/"html":"[^"]*<(script|img|svg|iframe)/)
  })

  it('F names that turn the direction of what follows, or hide letters (CVE-2023-36459)', async () => {
    const { far, node } = arena
    const name = 'Ana \u202egro.live\u2066 \u200badmin\u0007'
    const user = far.actor('bidi', { name, preferredUsername: 'an\u202ea' })
    const said = answerOf(user, arena, 'Plain words of bidi.', { affiliation: name })
    await arena.post(user, activity(user, 'Create', said))
    await settled(node.site)
    await decided(node.site, said.id, 'shown')
    const item = await node.site.store.get('items', said.id)
    expect(item).to.include({ authorName: 'Ana gro.live admin' })
    const { text } = await visitor(node.origin).get(new URL(arena.talk).pathname)
    expect(text).to.include('Plain words of bidi.').and.to.include('Ana gro.live admin')
    expect(text).not.to.match(BIDI)
  })

  it('F code in the boxes of a session, on the form and on the slide', async () => {
    const { node } = arena
    const boss = await signedIn(node)
    const path = '/host/sessions/schools-online/messages'
    const own = codeIn((await boss.get(path)).text)
    for (const code of codes) {
      const { text } = await boss.fill(path, path, { 'text-1': code, 'kind-1': code })
      expect(codeIn(text)).to.deep.equal(own)
    }
    const { text } = await boss.get('/host/outcomes/messages-schools-online/slide')
    expect(codeIn(text).filter((tag) => tag !== '<style>')).to.deep.equal([])
  })

  it('F media is neither fetched nor shown', async () => {
    const { far, node } = arena
    const user = far.actor('media', { icon: { type: 'Image', url: `${far.origin}/icon.svg` } })
    const attachment = [{ type: 'Image', mediaType: 'image/svg+xml', url: `${far.origin}/a.svg` }]
    const said = answerOf(user, arena, `<p>Look.</p><img src="${far.origin}/b.svg">`, {
      attachment,
    })
    await arena.post(user, activity(user, 'Create', said))
    await settled(node.site)
    await decided(node.site, said.id, 'shown')
    const { text } = await visitor(node.origin).get(new URL(arena.talk).pathname)
    const ours = /"\/assets\/icon-\w+\.svg"/g
    expect(text.replaceAll(ours, '')).not.to.include('.svg')
    expect(far.heard.filter(({ url }) => url.endsWith('.svg'))).to.deep.equal([])
  })
})
