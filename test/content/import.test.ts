/** What is imported: each mistake by its place and field, nothing half-written, and the same twice changes nothing. */
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { expect } from 'chai'
import type { ReadItem } from '../../content/import/imported.ts'
import { instantOf } from '../../content/import/instants.ts'
import { itemFromLine } from '../../content/import/json-lines.ts'
import { itemFromMarkdown } from '../../content/import/markdown.ts'
import { slugOf } from '../../content/import/slugs.ts'
import { importAll, readAll } from '../../scripts/commands/import.ts'
import { foundedServer } from '../help/community.ts'
import { endServers, type TestServer } from '../help/servers.ts'

const told = ({ mistakes = [] }: ReadItem) =>
  mistakes.map(({ field, sentence }) => `${field} ${sentence}`)

const file = (head: string, body = '- One\n- Two') =>
  itemFromMarkdown('a.md', `---\n${head.trim()}\n---\n\n${body}\n`)

const outcome = 'type: outcome\nlanguage: en\ntitle: Messages\nyear: 2026'
const meeting = `type: meeting\nlanguage: en\ntitle: Forum\nyear: 2026\nstarts: 2026-09-16T08:00:00Z\nends: 2026-09-17`

describe('a Markdown file', () => {
  it('is one outcome, with all that its front matter says', () => {
    const { item, mistakes } = file(
      `${outcome}\nsource: https://a.example\naction_lines: [C2, C7.egov]\nsdgs: [9]\nthemes: ["2025:digital-cooperation"]
state: open_for_comment\ncomment_closes: 2026-12-01\noutcome_type: synthesis\npublished: 2026-10-12T14:00:00+02:00`,
    )
    expect(mistakes).to.equal(undefined)
    expect(item).to.deep.include({
      type: 'outcome',
      slug: 'messages',
      markdown: '- One\n- Two',
      outcomeType: 'synthesis',
      comment: { closesAt: '2026-12-01T00:00:00.000Z' },
      published: '2026-10-12T12:00:00.000Z',
    })
  })

  it('of a meeting has its times in the zone that it names', () => {
    const local = meeting.replace('2026-09-16T08:00:00Z', '2026-09-16 08:00')
    const { item } = file(`${local}\ntime_zone: Africa/Nairobi`)
    expect(item).to.include({ startsAt: '2026-09-16T05:00:00.000Z', type: 'meeting' })
  })

  const wrong: [string, string, string[]][] = [
    ['no type', outcome.replace('type: outcome', ''), ['type field.wrong']],
    ['a type that is none', outcome.replace('type: outcome', 'type: song'), ['type field.wrong']],
    ['no title', outcome.replace('title: Messages', ''), ['title field.required']],
    ['no language', outcome.replace('language: en', ''), ['language field.required']],
    [
      'several at once',
      'type: outcome\ntitle: X\nyear: soon\nlanguage: English',
      ['language field.wrong', 'year field.wrong'],
    ],
    ['a state that is none', `${outcome}\nstate: agreed`, ['state field.wrong']],
    ['a bad source', `${outcome}\nsource: javascript:alert(1)`, ['source field.bad_url']],
    ['a bad day', `${outcome}\npublished: 2026-02-30`, ['published field.bad_date']],
    [
      'a comment period without an end',
      `${outcome}\nstate: open_for_comment`,
      ['comment_closes field.required'],
    ],
    ['a bad deadline', `${outcome}\ncomment_closes: soon`, ['comment_closes field.bad_date']],
    [
      'an action line that is none',
      `${outcome}\naction_lines: [C2, C99]`,
      ['action_lines field.wrong'],
    ],
    [
      'goals and objectives that are none',
      `${outcome}\nsdgs: [18]\ngdc: [6]`,
      ['sdgs field.wrong', 'gdc field.wrong'],
    ],
    ['no text', outcome, ['text field.required']],
    [
      'a meeting that ends at no time',
      meeting.replace('2026-09-17', 'later'),
      ['ends field.bad_date'],
    ],
    ['a meeting without a beginning', meeting.replace(/starts.*\n/, ''), ['starts field.required']],
    ['a zone that is none', `${meeting}\ntime_zone: Mars/Olympus`, ['time_zone field.bad_zone']],
    ['a mode that is none', `${meeting}\nmode: dream`, ['mode field.wrong']],
    [
      'a person without a role',
      `${meeting.replace('type: meeting', 'type: session\nmeeting: m')}\npeople: [{ name: Ana }]`,
      ['people.0.role field.required'],
    ],
    [
      'a translation of nothing',
      'translation_of: ""\nlanguage: fr\ntitle: T\nstanding: original',
      ['standing field.wrong'],
    ],
    ['YAML that is none', 'type: [', ['file import.bad_front_matter']],
    ['YAML that is a list', '- a\n- b', ['file import.bad_front_matter']],
    [
      'YAML that grows',
      `a: &a [x,x]\n${[...'bcdefghijklmnop'].map((n, i) => `${n}: &${n} [${`*${'abcdefghijklmnop'[i]},`.repeat(9)}]`).join('\n')}`,
      ['file import.bad_front_matter'],
    ],
  ]
  for (const [what, head, expected] of wrong) {
    it(`names ${what}`, () => {
      expect(told(file(head, what === 'no text' ? ' ' : '- One'))).to.deep.equal(expected)
    })
  }

  it('needs its front matter, and ends it at a line of its own', () => {
    for (const text of ['', '# Title', '---\ntype: outcome', ' ---\na: b\n---\n'])
      expect(told(itemFromMarkdown('a.md', text))).to.deep.equal(['file import.no_front_matter'])
    const { item } = file(`${outcome}\nsummary: |\n  a\n  ---b`)
    expect(item).to.include({ summary: 'a\n---b\n' })
    const windows = `\uFEFF---\r\n${outcome.replaceAll('\n', '\r\n')}\r\n---\r\n\r\n- One\r\n`
    expect(itemFromMarkdown('a.md', windows).item).to.include({ markdown: '- One' })
  })

  it('is refused when it is too long', () => {
    const text = `---\n${outcome}\n---\n${'x'.repeat(1_000_001)}`
    expect(told(itemFromMarkdown('a.md', text))).to.deep.equal(['file import.too_large'])
  })
})

describe('a line of JSON', () => {
  const good = { title: 'T', text: '- One', language: 'en', year: 2024 }
  const line = (fields: object) => itemFromLine('a.jsonl:1', JSON.stringify(fields))

  it('is one outcome, published at the end of its year', () => {
    const { item } = line({ ...good, type: 'message', themes: ['IXP', 'Broadband', 'fish', ''] })
    expect(item).to.deep.include({ outcomeType: 'messages', published: '2024-12-31T12:00:00.000Z' })
    expect(item?.type === 'outcome' && item.tags).to.deep.include({
      actionLines: ['C2'],
      topics: ['IXP', 'Broadband', 'fish'],
    })
    expect(line({ ...good, type: 'song' }).item).to.include({ outcomeType: 'report' })
  })

  const wrong: [string, object, string[]][] = [
    ['no text', { ...good, text: '' }, ['text field.required']],
    ['no title', { ...good, title: undefined }, ['title field.required']],
    ['a year in words', { ...good, year: '2024' }, ['year field.wrong']],
    [
      'several at once',
      { year: 3000 },
      [
        'title field.required',
        'text field.required',
        'language field.required',
        'year field.too_big',
      ],
    ],
    [
      'a source that is no page',
      { ...good, source: 'file:///etc/passwd' },
      ['source field.bad_url'],
    ],
    ['themes that are no words', { ...good, themes: [{ a: 1 }] }, ['themes.0 field.wrong']],
  ]
  for (const [what, fields, expected] of wrong) {
    it(`names ${what}`, () => {
      expect(told(line(fields)).map((each) => each.replace(/^tags\./, ''))).to.have.members(
        expected,
      )
    })
  }

  it('is refused when it is no object', () => {
    for (const text of ['{"title":', '[]', 'null', '7', '"x"', ''])
      expect(told(itemFromLine('a:1', text)), text).to.deep.equal(['line import.no_json'])
    expect(told(itemFromLine('a:1', `"${'x'.repeat(1_000_000)}"`))).to.deep.equal([
      'line import.too_large',
    ])
    expect(itemFromLine('a:1', `\uFEFF${JSON.stringify(good)}\r`).item?.type).to.equal('outcome')
  })

  const real = join(import.meta.dirname, '../../../shared/data/real-outcomes.jsonl')
  it('is read from every line of the real outcomes', function () {
    if (!existsSync(real)) {
      if (this.test) this.test.title += ' (skipped: the file is not here)'
      this.skip()
    }
    const lines = readFileSync(real, 'utf8')
      .split('\n')
      .filter((each) => each.trim())
    const read = lines.map((each, i) => itemFromLine(`line ${i + 1}`, each))
    expect(read.filter(({ item }) => !item)).to.deep.equal([])
    expect(read.length).to.be.above(0)
  })
})

describe('a moment in a file', () => {
  const cases: [string, string, string | undefined][] = [
    ['2026-10-12', 'Africa/Nairobi', '2026-10-12T00:00:00.000Z'],
    ['2026-10-12T09:00:00Z', 'Africa/Nairobi', '2026-10-12T09:00:00.000Z'],
    ['2026-10-12T09:00+02:00', 'Africa/Nairobi', '2026-10-12T07:00:00.000Z'],
    ['2026-10-12 09:00', 'Africa/Nairobi', '2026-10-12T06:00:00.000Z'],
    ['2026-10-12 09:00', 'Asia/Kathmandu', '2026-10-12T03:15:00.000Z'],
    ['2026-10-12 09:00', 'America/St_Johns', '2026-10-12T11:30:00.000Z'],
    ['2026-10-12 09:00', 'UTC', '2026-10-12T09:00:00.000Z'],
    ['2026-03-29 03:30', 'Europe/Berlin', '2026-03-29T01:30:00.000Z'],
    ['2026-03-29 01:30', 'Europe/Berlin', '2026-03-29T00:30:00.000Z'],
    ['2026-02-30', 'UTC', undefined],
    ['2026-10-12 25:00', 'UTC', undefined],
    ['12/10/2026', 'UTC', undefined],
    ['1', 'UTC', undefined],
    ['tomorrow', 'UTC', undefined],
    ['', 'UTC', undefined],
  ]
  for (const [text, zone, expected] of cases) {
    it(`"${text}" in ${zone} is ${expected ?? 'none'}`, () => {
      expect(instantOf(text, zone)).to.equal(expected)
    })
  }
})

describe('a slug', () => {
  it('is made of a title in any script, always the same', () => {
    expect(slugOf('Messages from Port-Argent 2026!')).to.equal('messages-from-port-argent-2026')
    expect(slugOf('Résilience de l’Internet')).to.equal('resilience-de-linternet')
    for (const title of ['رسائل المنتدى', '互联网治理', '', '?!', 'x'.repeat(500), '---'])
      expect(slugOf(title), title).to.match(/^[a-z0-9][a-z0-9-]{0,99}$/)
    expect(slugOf('رسائل')).to.equal(slugOf('رسائل'))
    expect(slugOf('رسائل')).not.to.equal(slugOf('مسائل'))
  })
})

describe('importing into a node', () => {
  let node: TestServer
  let folder: string

  beforeEach(async () => {
    node = await foundedServer()
    folder = mkdtempSync(join(tmpdir(), 'tributary-import-'))
  })
  afterEach(async () => {
    rmSync(folder, { recursive: true, force: true })
    await endServers()
  })

  const put = (name: string, text: string) => {
    mkdirSync(dirname(join(folder, name)), { recursive: true })
    writeFileSync(join(folder, name), text)
  }
  const md = (head: string, body = '- One\n- Two') => `---\n${head}\n---\n\n${body}\n`
  const held = async () => ({
    drafts: await node.site.store.find('drafts', {}),
    items: await node.site.store.count('items', {}),
    head: await node.site.store.head(),
  })
  const load = () => importAll(node.site, readAll(folder), { quiet: true })

  it('brings in a folder in the right order, and the same folder again changes nothing', async () => {
    put('a/translation.md', md('translation_of: messages\nlanguage: fr\ntitle: M', '- Un\n- Deux'))
    put('b/outcome.md', md(`${outcome}\nmeeting: forum\nsession: opening`))
    put(
      'c/session.md',
      md(meeting.replace('type: meeting', 'type: session\nslug: opening\nmeeting: forum')),
    )
    put('z/meeting.md', md(meeting, 'Welcome.'))
    put(
      'lines.jsonl',
      `${JSON.stringify({ title: 'T', text: 'x', language: 'en', year: 2020 })}\n\n`,
    )
    mkdirSync(join(folder, 'folder.md'))
    expect(await load()).to.deep.equal({ imported: 5, known: 0, wrong: 0, added: 0 })
    const before = await held()
    const draft = before.drafts.find(({ slug }) => slug === 'messages')
    expect(Object.keys(draft?.texts ?? {})).to.have.members(['en', 'fr'])
    expect(draft).to.include({
      state: 'published',
      version: 1,
      meeting: `${node.origin}/meetings/forum`,
      session: `${node.origin}/sessions/opening`,
    })
    expect(await load()).to.deep.equal({ imported: 0, known: 5, wrong: 0, added: 0 })
    expect(await held()).to.deep.equal(before)
  })

  it('says what is wrong and goes on with the rest; of what is wrong nothing is written', async () => {
    put('1.md', md(`${outcome}\nstate: open_for_comment`))
    put(
      '2.md',
      md(
        `${outcome.replace('Messages', 'Late')}\nstate: open_for_comment\ncomment_closes: 2020-01-01`,
      ),
    )
    put('3.md', md(`${outcome.replace('Messages', 'Lost')}\nmeeting: nowhere`))
    put('4.md', md('translation_of: messages\nlanguage: fr\ntitle: M'))
    put('5.jsonl', 'broken\n{"title":"T"}\n')
    symlinkSync('/nowhere/at/all.md', join(folder, '6.md'))
    put('7.md', md(outcome.replace('Messages', 'Right')))
    const { imported, wrong } = await load()
    expect(imported).to.equal(1)
    expect(wrong).to.equal(7)
    const { drafts, head } = await held()
    expect(drafts.map(({ slug }) => slug)).to.deep.equal(['right'])
    expect(head.size).to.equal(1)
  })

  it('adds a translation that comes later as a correction, in one step', async () => {
    put('1.md', md(outcome))
    await load()
    put('2.md', md('translation_of: messages\nlanguage: fr\ntitle: M', '- Un\n- Deux'))
    expect(await load()).to.deep.equal({ imported: 1, known: 1, wrong: 0, added: 0 })
    const [draft] = (await held()).drafts
    expect(draft).to.include({ state: 'corrected', version: 2 })
    put('2.md', md('translation_of: messages\nlanguage: fr\ntitle: M', '- Un'))
    expect(await load()).to.deep.equal({ imported: 0, known: 1, wrong: 1, added: 0 })
    expect((await held()).drafts[0]).to.deep.equal(draft)
  })

  it('brings in an outcome though one of its translations does not fit, and names that one', async () => {
    put('1.md', md(outcome))
    put('2.md', md('translation_of: messages\nlanguage: fr\ntitle: M', '- Un'))
    put('3.md', md('translation_of: messages\nlanguage: es\ntitle: M', '- Uno\n- Dos'))
    expect(await load()).to.deep.equal({ imported: 2, known: 0, wrong: 1, added: 0 })
    expect(Object.keys((await held()).drafts[0]?.texts ?? {})).to.have.members(['en', 'es'])
  })
})
