/** Part of the store's contract: full text is found in every script, however it was typed. */
import { expect } from 'chai'
import type { Opened } from './contract.ts'
import { discussion, idOf, minute, names } from './fixtures.ts'

/** A text, a search that finds it, and one that does not. */
const table: [string, string, string[], string[]][] = [
  ['accents', 'Résilience des réseaux côtiers', ['resilience', 'RÉSEAUX cotiers'], ['reseau']],
  ['letters with a stroke', 'Lillestrøm, Łódź, straße', ['lillestrom', 'lodz', 'strasse'], ['lod']],
  ['composed and decomposed letters', 'Cafe\u0301 Zürich', ['café', 'zu\u0308rich'], ['cafes']],
  ['Arabic vowel signs', 'الحَوْكَمَةُ المُسْتَقِلَّة', ['الحوكمة', 'المستقلّة'], ['حوك']],
  ['Arabic alef forms', 'الإنترنت والأمن في آسيا', ['الانترنت', 'والامن', 'اسيا'], ['الامن']],
  ['Arabic tatweel', 'حـــوكمة الإنـترنت', ['حوكمة', 'الإنترنت'], ['كمة']],
  ['final forms of Arabic letters', 'منتدى المبادرة', ['منتدي', 'المبادره'], ['منتد']],
  ['Persian letters', 'حکمرانی اینترنت', ['حكمراني', 'اینترنت'], ['حکم']],
  ['digits of other scripts', 'دورة ٢٠٢٦ و ۱۴۰۵', ['2026', '1405', '٢٠٢٦'], ['202']],
  [
    'Cyrillic case and ё',
    'УПРАВЛЕНИЕ Интернетом, Ёлка',
    ['управление', 'ИНТЕРНЕТОМ', 'елка'],
    ['упр'],
  ],
  ['Greek', 'Διακυβέρνηση του Διαδικτύου', ['διακυβερνηση', 'ΔΙΑΔΙΚΤΥΟΥ'], ['κυβερνηση']],
  [
    'Chinese',
    '互联网治理论坛',
    ['网', '治理', '互联网治理', '"网治理论"', '坛'],
    ['理治', '论互', '安'],
  ],
  ['Chinese between Latin', '在APNIC会议上', ['apnic', '会议', '上'], ['议会']],
  [
    'Japanese',
    'インターネットガバナンスの未来',
    ['ガバナンス', '未来', 'インターネット'],
    ['過去'],
  ],
  ['Korean', '인터넷 거버넌스', ['거버넌스', '인터넷'], ['거버']],
  ['Thai', 'ธรรมาภิบาลอินเทอร์เน็ต', ['อินเทอร์เน็ต', 'ธรรมาภิบาล'], ['ประเทศ']],
  ['Lao', 'ອິນເຕີເນັດແຫ່ງຊາດ', ['ແຫ່ງຊາດ', 'ອິນເຕີເນັດ'], ['ປະເທດ']],
  ['Khmer', 'អភិបាលកិច្ចអ៊ីនធឺណិត', ['អ៊ីនធឺណិត'], ['ប្រទេស']],
  ['Burmese', 'အင်တာနက်အုပ်ချုပ်မှု', ['အုပ်ချုပ်မှု'], ['နိုင်ငံ']],
  ['Hindi', 'इंटरनेट शासन और काम', ['इंटरनेट', 'काम'], ['कम', 'शसन']],
  ['Tamil', 'இணைய ஆளுகை', ['ஆளுகை', 'இணைய'], ['ஆள']],
  ['Hebrew points', 'שָׁלוֹם', ['שלום'], ['של']],
  ['invisible letters', 'soft\u00adhyphen zero\u200bwidth', ['softhyphen', 'zerowidth'], ['soft']],
  ['wide and joined forms', 'ＩＧＦ ﬁbre ①', ['igf', 'fibre', '1'], ['ig']],
  ['words around emoji', 'cable 🌊 sea 👩🏽‍💻', ['cable sea', 'sea 🌊'], ['🌊', '👩🏽‍💻']],
]

export function findsByWord(opened: Opened): void {
  scripts(opened)
  typed(opened)
  changes(opened)
  best(opened)
}

function scripts(opened: Opened): void {
  for (const [what, text, found, missed] of table) {
    it(`finds ${what}`, async () => {
      const items = [discussion('a', { text }), discussion('b', { text: 'quite other words' })]
      await opened().commit({ put: { items } })
      for (const query of found) {
        expect(names(await opened().find('items', { text: query })), query).to.deep.equal(['a'])
      }
      for (const query of missed) {
        expect(await opened().count('items', { text: query }), query).to.equal(0)
      }
    })
  }
}

function typed(opened: Opened): void {
  const texts = {
    a: 'The cable to the island was mended',
    b: 'An island without any cable, by the sea',
    c: 'OR NOT NEAR title column',
  }
  const cases: [string, string][] = [
    ['cable island', 'ab'],
    ['island cable', 'ab'],
    ['"cable to the island"', 'a'],
    ['"island cable"', ''],
    ['sea "any cable"', 'b'],
    ['"any cable', 'b'],
    ['""', ''],
    ['"', ''],
    ['', ''],
    ['   ', ''],
    ['?!—…', ''],
    ['cable*', 'ab'],
    ['cab*', ''],
    ['cable OR sea', ''],
    ['or not near', 'c'],
    ['NOT cable', ''],
    ['NEAR(cable island, 5)', ''],
    ['cable island sea', 'b'],
    ['text:cable', ''],
    ['title:column', 'c'],
    ['(cable', 'ab'],
    ['cable)', 'ab'],
    ['^cable', 'ab'],
    ['-cable', 'ab'],
    ['+cable + island', 'ab'],
    ['cable;DROP TABLE docs', ''],
    ["cable' OR 1=1 --", ''],
    ['{cable}', 'ab'],
    ['cable\u0000to the island', 'a'],
    ['\ud800', ''],
  ]
  it('takes what a person types as words, never as commands', async () => {
    const items = Object.entries(texts).map(([name, text]) => discussion(name, { text }))
    await opened().commit({ put: { items } })
    for (const [text, expected] of cases) {
      for (const order of ['oldest', 'best'] as const) {
        const found = names(await opened().find('items', { text, order })).sort()
        expect(found, `${order} ${text}`).to.deep.equal([...expected])
      }
      expect(await opened().count('items', { text }), text).to.equal(expected.length)
    }
  })

  it('survives very long searches', async () => {
    await opened().commit({ put: { items: [discussion('a', { text: 'cable '.repeat(100) })] } })
    const long = ['cable '.repeat(50_000), `"${'cable '.repeat(50_000)}"`, '网'.repeat(100_000)]
    const all = [...long, '"'.repeat(100_000), 'x'.repeat(300_000), '("*'.repeat(50_000)]
    for (const text of all) {
      expect(await opened().count('items', { text })).to.be.at.most(1)
    }
  })
}

function changes(opened: Opened): void {
  it('no longer finds text that was replaced', async () => {
    const store = opened()
    await store.commit({ put: { items: [discussion('a', { text: 'the old cable' })] } })
    const newer = { ...discussion('a', { text: 'the new mast' }), rev: 1 }
    await store.commit({ put: { items: [newer] } })
    expect(await store.count('items', { text: 'old' })).to.equal(0)
    expect(await store.count('items', { text: 'new mast' })).to.equal(1)
    await store.commit({ put: { items: [{ ...newer, text: '', rev: 2 }] } })
    expect(await store.count('items', { text: 'mast' })).to.equal(0)
    await store.commit({ put: { items: [{ ...newer, text: 'again', rev: 3 }] } })
    expect(await store.count('items', { text: 'again' })).to.equal(1)
    await store.commit({ drop: { items: [idOf('a')] } })
    expect(await store.count('items', { text: 'again' })).to.equal(0)
  })

  it('finds text together with fields and times, in its own table only', async () => {
    const items = ['en', 'fr', 'ar'].map((language, i) =>
      discussion(language, { text: 'cable', language, at: minute(i) }),
    )
    await opened().commit({ put: { items, notes: [{ id: 'n', value: 'cable' }] } })
    const query = { text: 'cable', where: { language: ['en', 'fr'] } }
    expect(names(await opened().find('items', query))).to.deep.equal(['fr', 'en'])
    expect(await opened().count('items', { ...query, since: minute(1) })).to.equal(1)
    expect(await opened().count('notes', { text: 'cable' })).to.equal(0)
  })
}

function best(opened: Opened): void {
  it('puts what fits best first, and pages on by skipping', async () => {
    const items = [
      discussion('once', { at: minute(3), text: `cable ${'other words '.repeat(50)}` }),
      discussion('often', { at: minute(1), text: 'cable cable cable' }),
      discussion('never', { at: minute(2), text: 'other words' }),
    ]
    await opened().commit({ put: { items } })
    const query = { text: 'cable', order: 'best' as const }
    expect(names(await opened().find('items', query))).to.deep.equal(['often', 'once'])
    const second = await opened().find('items', { ...query, skip: 1, limit: 1 })
    expect(names(second)).to.deep.equal(['once'])
  })
}
