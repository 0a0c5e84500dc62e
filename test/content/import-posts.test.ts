/** What comes from WordPress and feeds: read as it streams, proposed as items, and refused in a sentence when it is broken. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { decoded } from '../../content/import/encodings.ts'
import { postsIn } from '../../content/import/feeds.ts'
import { guessLanguage } from '../../content/import/guesses.ts'
import type { Found, ReadOptions } from '../../content/import/posts.ts'
import { proposed } from '../../content/import/proposals.ts'
import { edit } from '../../content/outcomes.ts'
import { record } from '../../federation/record.ts'
import { importAll, readAll, readPosts } from '../../scripts/commands/import.ts'
import { writtenOf } from '../../server/importing.ts'
import { foundedServer } from '../help/community.ts'
import { wordpressExport } from '../help/exports.ts'
import { endServers } from '../help/servers.ts'

async function* bytes(text: string | Uint8Array, size = 1000) {
  const all = typeof text === 'string' ? Buffer.from(text) : text
  for (let at = 0; at < all.length; at += size) yield all.subarray(at, at + size)
}
const read = (text: string | Uint8Array, options: ReadOptions = {}): Promise<Found[]> =>
  Array.fromAsync(postsIn(decoded(bytes(text)), options))
const sentenceOf = (text: string | Uint8Array): Promise<unknown> =>
  read(text).then(
    () => 'read',
    (error: unknown) => Reflect.get(Object(error), 'sentence'),
  )
const only = async (xml: string, options: ReadOptions = {}) => {
  const [found] = await read(xml, options)
  if (!found || !('post' in found)) throw new Error('no post')
  return found.post
}
const withItem = (inside: string) => wordpressExport(0, `<item>${inside}</item>`)

describe('posts from elsewhere', () => {
  it('a WordPress export gives posts with dates, authors, tags and every old address', async () => {
    const post = await only(wordpressExport(3))
    expect(post).to.deep.include({
      address: 'https://old.example/?p=1',
      oldPaths: ['/2011/post-1', '/?p=1'],
      author: 'Noor Haddad',
      published: '2011-03-04T10:00:00.000Z',
      categories: ['SDG 9', 'broadband'],
      siteLanguage: 'en-US',
    })
  })

  it('a list under a heading makes an outcome, a question a discussion; scripts and shortcodes are gone', async () => {
    const found = await read(wordpressExport(3))
    const [, question, outcome] = (await Promise.all(found.map(proposed))).map(({ item }) => item)
    expect(question).to.deep.include({ type: 'discussion', language: 'en-US' })
    expect(question && 'text' in question && question.text).to.include('public?\n\nTell us')
    if (outcome?.type !== 'outcome') throw new Error('no outcome')
    expect(outcome).to.include({ year: 2013, source: 'https://old.example/?p=3' })
    expect(outcome.tags).to.deep.include({ sdgs: ['9'], actionLines: ['C2'] })
    expect(outcome.markdown)
      .to.include('1. Keep gauge 3 public.')
      .and.include('[Hall 3](https://old.example/pictures/3.jpg)')
    expect(outcome.markdown).not.to.match(/alert|caption|wp:/)
  })

  it('drafts, files and unapproved comments are left out unless they are asked for', async () => {
    const draft = withItem(
      `<title>D</title><guid>https://old.example/?p=9</guid><content:encoded>x</content:encoded><wp:status>draft</wp:status>
<wp:comment><wp:comment_id>1</wp:comment_id><wp:comment_author>Ana</wp:comment_author><wp:comment_content>Yes</wp:comment_content><wp:comment_approved>1</wp:comment_approved></wp:comment>
<wp:comment><wp:comment_id>2</wp:comment_id><wp:comment_content>Spam</wp:comment_content><wp:comment_approved>0</wp:comment_approved></wp:comment>`,
    )
    expect(await read(draft)).to.deep.equal([{ leftOut: 'unpublished', title: 'D' }])
    const { comments } = await only(draft, { unpublished: true, comments: true })
    expect(comments.map(({ author }) => author)).to.deep.equal(['Ana'])
    const file = withItem('<title>F</title><wp:post_type>attachment</wp:post_type>')
    expect(await read(file)).to.deep.equal([{ leftOut: 'not_a_post', title: 'F' }])
  })

  it('a number in a title that cannot be the year of a meeting is not taken for one', async () => {
    const year = async (title: string) => {
      const post = await only(wordpressExport(1))
      const { item } = await proposed({ post: { ...post, title: `Messages ${title}` } })
      return item?.type === 'outcome' ? item.year : undefined
    }
    expect(await year('2009')).to.equal(2009)
    expect(await year('from village 1986')).to.equal(2011)
    expect(await year('towards 2050')).to.equal(2011)
  })

  it('an Atom feed is read alike', async () => {
    const post = await only(
      `<feed xmlns="http://www.w3.org/2005/Atom"><entry xml:lang="fr"><id>https://a.example/1</id><title>T</title>
<link href="https://a.example/un/"/><updated>2020-01-02T03:04:05Z</updated><content type="html">&lt;p&gt;Oui&lt;/p&gt;</content></entry></feed>`,
    )
    expect(post).to.deep.include({ language: 'fr', body: '<p>Oui</p>', oldPaths: ['/un', '/1'] })
  })

  it('what is broken, cut off, in no known encoding or no feed at all is said in a sentence', async () => {
    const whole = wordpressExport(3)
    expect(await sentenceOf(whole.slice(0, -200))).to.equal('import.breaks_off')
    expect(await sentenceOf(whole.replace('</title>', '</titel>'))).to.equal('import.bad_xml')
    expect(await sentenceOf('<html><body>Hello</body></html>')).to.equal('import.no_feed')
    expect(await sentenceOf('not XML')).to.equal('import.no_feed')
    expect(await sentenceOf('<?xml version="1.0" encoding="klingon-8"?><rss/>')).to.equal(
      'import.encoding',
    )
    expect(
      await sentenceOf(Buffer.from('<rss><channel>\xff\xfe</channel></rss>', 'latin1')),
    ).to.equal('import.not_encoded')
  })

  it('entities of a document itself are never expanded, and none is read from a file', async () => {
    const laughs = `<!DOCTYPE rss [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;"><!ENTITY f SYSTEM "file:///etc/passwd">]>`
    for (const name of ['b', 'f'])
      expect(
        await sentenceOf(
          `${laughs}<rss><channel><item><title>&${name};</title></item></channel></rss>`,
        ),
      ).to.equal('import.bad_xml')
    const deep = '<x>'.repeat(50_000)
    expect(await sentenceOf(`<rss><channel><item>${deep}`)).to.equal('import.element_too_large')
  })

  it('a post that is too large is refused by its name', async () => {
    const [found] = await read(
      withItem(`<title>Long</title><content:encoded>${'word '.repeat(40_000)}</content:encoded>`),
    )
    expect(found && (await proposed(found))).to.deep.equal({
      place: 'Long',
      mistakes: [{ field: 'text', sentence: 'import.left_out.too_large' }],
    })
  })

  it('the language of a text is told by its script and its commonest words', () => {
    const texts = {
      en: 'The price of the line is too high for the people of the coast.',
      fr: 'Le prix de la ligne est trop cher pour les gens du littoral et des îles.',
      es: 'El precio de la línea es alto para los vecinos y las islas del golfo.',
      pt: 'O preço da linha não é bom para os vizinhos e as ilhas do golfo.',
      ar: 'سعر الخط مرتفع على أهل الساحل',
      ru: 'Цена линии слишком высока',
      zh: '线路价格太高',
    }
    for (const [language, text] of Object.entries(texts))
      expect(guessLanguage(text).language, text).to.equal(language)
    expect(guessLanguage('123')).to.deep.equal({ language: 'und', sure: 0 })
  })

  it('what was edited here since is not brought in a second time', async () => {
    const node = await foundedServer()
    const { store } = node.site
    const folder = mkdtempSync(join(tmpdir(), 'tributary-export-'))
    const file = join(folder, 'export.xml')
    const notes = join(folder, 'notes.md')
    const load = async () =>
      importAll(node.site, [...(await readPosts(file)), ...readAll(notes)], { quiet: true })
    try {
      writeFileSync(file, wordpressExport(3))
      writeFileSync(
        notes,
        '---\ntype: outcome\nyear: 2014\ntitle: Notes\nlanguage: en\n---\n1. Keep it.\n',
      )
      expect(await load()).to.deep.equal({ imported: 4, known: 0, wrong: 0, added: 0 })
      for (const draft of await store.find('drafts', {})) {
        const texts = { en: { title: 'A better title', markdown: '1. Better words.' } }
        const written = { ...writtenOf(draft), language: 'en', texts }
        await record(node.site, edit(draft, written, { by: 'a', actor: 'b', at: node.site.now() }))
      }
      expect(await load()).to.deep.equal({ imported: 0, known: 4, wrong: 0, added: 0 })
      expect(await store.count('drafts', {})).to.equal(2)
    } finally {
      rmSync(folder, { recursive: true, force: true })
      await endServers()
    }
  })

  it('two posts with one title are both brought in', async () => {
    const node = await foundedServer()
    const folder = mkdtempSync(join(tmpdir(), 'tributary-export-'))
    const file = join(folder, 'export.xml')
    try {
      writeFileSync(
        file,
        wordpressExport(2).replaceAll(/<title><!.*?<\/title>/g, '<title>Call</title>'),
      )
      const load = async () => importAll(node.site, await readPosts(file), { quiet: true })
      expect(await load()).to.deep.equal({ imported: 2, known: 0, wrong: 0, added: 0 })
      expect(await load()).to.deep.equal({ imported: 0, known: 2, wrong: 0, added: 0 })
    } finally {
      rmSync(folder, { recursive: true, force: true })
      await endServers()
    }
  })

  it('a whole export is brought in, a broken one leaves nothing, and the same again changes nothing', async () => {
    const node = await foundedServer()
    const folder = mkdtempSync(join(tmpdir(), 'tributary-export-'))
    const file = join(folder, 'export.xml')
    try {
      writeFileSync(file, wordpressExport(30).slice(0, -100))
      await readPosts(file).catch(() => undefined)
      expect(await node.site.store.last('public')).to.equal(0)
      writeFileSync(file, wordpressExport(30))
      const load = async () => importAll(node.site, await readPosts(file), { quiet: true })
      expect(await load()).to.deep.equal({ imported: 30, known: 0, wrong: 0, added: 0 })
      expect(await load()).to.deep.equal({ imported: 0, known: 30, wrong: 0, added: 0 })
    } finally {
      rmSync(folder, { recursive: true, force: true })
      await endServers()
    }
  })
})
