/** The vocabularies: every list is read, its names stay, and what is not confirmed says so. */
import { globSync, readFileSync } from 'node:fs'
import { expect } from 'chai'
import { countryCodes, countryName, languageName } from '../../content/countries.ts'
import {
  hashtagOf,
  isTerm,
  label,
  regionalGroupsOf,
  terms,
  vocabularies,
  vocabulary,
} from '../../content/vocabulary.ts'
import { SessionRole } from '../../content/programme.ts'
import { InitiativeKind } from '../../content/values.ts'

/** Names that others link to: a list may grow, but these stay. */
const slugs: Record<string, string> = {
  'stakeholder-groups': 'government igo civil_society technical_community private_sector',
  'regional-groups': 'african asia_pacific eastern_european grulac weog igo',
  'session-types':
    'main-session workshop open-forum town-hall lightning-talk launch networking day-0 dynamic-coalition best-practice-forum policy-network nri-collaborative nri-coordination high-level parliamentary youth opening closing open-mic newcomers booth plenary main-topic focus-area nri-assembly flash unconference birds-of-a-feather',
  'session-formats': 'break-out debate roundtable bof flash panel other',
  'outcome-types':
    'messages synthesis communique declaration session_report meeting_summary report statement',
  'action-lines':
    'C1 C2 C3 C4 C5 C6 C7 C7.egov C7.ebusiness C7.elearning C7.ehealth C7.eemployment C7.eenvironment C7.eagriculture C7.escience C8 C9 C10 C11',
  sdgs: '1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17',
  gdc: '1 2 3 4 5',
  themes:
    '2019:data-governance 2019:digital-inclusion 2019:security-safety-stability-resilience 2020:data 2020:environment 2020:inclusion 2020:trust 2021:trust-security-and-stability 2022:avoiding-internet-fragmentation 2022:governing-data-and-protecting-privacy 2023:avoiding-internet-fragmentation 2023:human-rights-freedoms 2024:improving-digital-governance-for-the-internet-we-want 2025:digital-trust-and-resilience 2025:sustainable-and-responsible-innovation 2025:universal-access-and-digital-rights 2025:digital-cooperation',
  topics:
    'artificial-intelligence cybersecurity-and-trust data-governance economic-issues-and-development rights-and-freedoms technical-and-operational-topics universal-access-and-meaningful-connectivity emerging-technologies-and-innovation environmental-sustainability-and-climate-change media-and-content global-digital-governance-and-cooperation',
  'nri-kinds': 'national sub_regional regional youth global',
  'eurodig-categories':
    'access-literacy development-of-ig-ecosystem human-rights innovation-and-economic-issues media-content security-and-crime technical-operational-issues cross-cutting-other-issues',
}

/** How sure a term is: as marked itself, else as its list is. */
const markOf = (list: string, slug: string) =>
  terms(list).find((term) => term.slug === slug)?.status ?? vocabulary(list)?.source.mark

describe('the vocabularies', () => {
  it('are all the files of the folder, each read whole', () => {
    const files = globSync('content/vocabulary/*.json')
    expect(files).to.have.length(vocabularies.length)
    for (const file of files) {
      const raw = JSON.parse(readFileSync(file, 'utf8')) as { id: string }
      expect(file).to.equal(`content/vocabulary/${raw.id}.json`)
      expect(vocabulary(raw.id)).to.deep.equal(raw)
    }
    expect(vocabularies.map(({ id }) => id)).to.have.members(Object.keys(slugs))
  })

  for (const [list, wanted] of Object.entries(slugs)) {
    it(`keep the terms of ${list}, each at its own address below that of the list`, () => {
      const found = terms(list)
      expect(found.map(({ slug }) => slug)).to.include.members(wanted.split(' '))
      expect(new Set(found.map(({ slug }) => slug)).size).to.equal(found.length)
      const { uri = '' } = vocabulary(list) ?? {}
      expect(uri).to.equal(`https://w3id.org/tributary/vocabulary/${list}`)
      for (const term of found) {
        const expected =
          list === 'sdgs'
            ? `http://metadata.un.org/sdg/${term.slug}`
            : `${uri}/${term.slug.replace(':', '/')}`
        expect(term.uri).to.equal(expected)
        expect(term.labels.en, term.slug).to.match(/\S/)
        if (term.broader) expect(isTerm(list, term.broader)).to.equal(true)
      }
    })
  }

  it('have no two terms at one address', () => {
    const uris = vocabularies.flatMap((each) => [each.uri, ...each.terms.map(({ uri }) => uri)])
    expect(uris.filter((uri, i) => uris.indexOf(uri) !== i)).to.deep.equal([])
  })

  it('use the exact words of the forms they come from', () => {
    const words = (list: string) => terms(list).map(({ labels }) => labels.en)
    expect(words('stakeholder-groups')).to.deep.equal([
      'Government',
      'Intergovernmental Organization',
      'Civil Society',
      'Technical Community',
      'Private Sector',
    ])
    expect(words('regional-groups')).to.deep.equal([
      'African Group',
      'Asia-Pacific Group',
      'Eastern European Group',
      'Latin American and Caribbean Group',
      'Western European and Others Group',
      'Intergovernmental Organizations',
    ])
    expect(words('eurodig-categories').join(' · ')).to.equal(
      'Access & literacy · Development of IG ecosystem · Human rights · Innovation and economic issues · Media & content · Security and crime · Technical & operational issues · Cross cutting / other issues',
    )
    expect(words('session-formats').join('; ')).to.equal(
      'Break-out group discussions; Debate; Roundtable; Birds of a Feather (BoF); Flash Session; Panel; Other',
    )
  })

  it('mark what is not confirmed', () => {
    const marks = (list: string, mark: string) =>
      terms(list).filter(({ slug }) => markOf(list, slug) === mark)
    expect(marks('sdgs', 'G')).to.have.length(17)
    expect(marks('gdc', 'G')).to.have.length(5)
    expect(marks('outcome-types', 'I')).to.have.length(terms('outcome-types').length)
    expect(marks('nri-kinds', 'I').map(({ slug }) => slug)).to.deep.equal(['global'])
    expect(marks('session-types', 'G').map(({ slug }) => slug)).to.deep.equal([
      'youth',
      'nri-assembly',
    ])
    expect(marks('topics', 'G').map(({ slug }) => slug)).to.deep.equal([
      'media-and-content',
      'global-digital-governance-and-cooperation',
    ])
    for (const list of ['stakeholder-groups', 'session-formats', 'eurodig-categories'])
      expect(marks(list, 'C'), list).to.have.length(terms(list).length)
    for (const { slug, membersStatus } of terms('regional-groups'))
      expect(membersStatus, slug).to.equal(slug === 'igo' ? 'C' : 'G')
    for (const { slug, codeStatus } of terms('action-lines'))
      expect(codeStatus, slug).to.equal(slug.startsWith('C7.') ? 'I' : undefined)
  })

  it('mark the themes of each year as far as they are confirmed', () => {
    const years = Map.groupBy(terms('themes'), ({ year }) => year)
    const counts = [...years].map(([year, all]) => {
      const confirmed = all.filter(({ status }) => status === 'C').length
      return `${year} ${all[0]?.city}: ${confirmed} of ${all.length}`
    })
    expect(counts).to.deep.equal([
      '2019 Berlin: 0 of 3',
      '2020 online: 4 of 4',
      '2021 Katowice: 0 of 6',
      '2022 Addis Ababa: 5 of 5',
      '2023 Kyoto: 0 of 8',
      '2024 Riyadh: 1 of 4',
      '2025 Lillestrøm: 4 of 4',
    ])
    for (const { slug, year } of terms('themes'))
      expect(slug).to.match(new RegExp(`^${year}:[a-z0-9-]+$`))
  })

  it('never call a translation of ours official', () => {
    for (const { id, labelStatus, terms: all } of vocabularies) {
      const languages = new Set(all.flatMap(({ labels }) => Object.keys(labels)))
      languages.delete('en')
      for (const language of languages)
        expect(labelStatus[language], `${id} ${language}`).to.equal('ours')
    }
  })

  it('count the members of the United Nations once each: 54, 54, 23, 33 and 29', () => {
    const groups = terms('regional-groups').map(({ members = [] }) => members)
    expect(groups.map(({ length }) => length)).to.deep.equal([54, 54, 23, 33, 29, 0])
    expect(new Set(groups.flat()).size).to.equal(193)
    for (const code of groups.flat()) expect(countryCodes).to.include(code)
    expect(regionalGroupsOf(['BR', 'PT', 'AO'])).to.deep.equal(['african', 'grulac', 'weog'])
    expect(regionalGroupsOf(['TW', 'PS', 'XK'])).to.deep.equal([])
  })

  it('have the eighteen categories of the WSIS prizes', () => {
    const leaves = terms('action-lines').filter(
      ({ slug }) => !terms('action-lines').some(({ broader }) => broader === slug),
    )
    expect(leaves).to.have.length(18)
  })

  it('agree with the kinds and roles of the model', () => {
    expect(terms('nri-kinds').map(({ slug }) => slug)).to.deep.equal(InitiativeKind.options)
    expect(SessionRole.options).to.include('rapporteur')
  })

  it('answer in a language, else in English, else by the slug', () => {
    expect(label('sdgs', '4', 'ar')).to.equal('التعليم الجيد')
    expect(label('sdgs', '4', 'sw')).to.equal('Quality education')
    expect(label('sdgs', '99', 'ar')).to.equal('99')
    expect(label('songs', 'x', 'en')).to.equal('x')
    expect(terms('songs')).to.deep.equal([])
    for (const slug of ['__proto__', 'constructor', ''])
      expect(isTerm('sdgs', slug)).to.equal(false)
  })

  it('make hashtags that any server takes', () => {
    expect(hashtagOf('action-lines', 'C7.egov')).to.equal('#WSISC7egov')
    expect(hashtagOf('sdgs', '9')).to.equal('#SDG9')
    expect(hashtagOf('gdc', '5')).to.equal('#GDC5')
    for (const { id, terms: all } of vocabularies) {
      for (const { slug } of all) expect(hashtagOf(id, slug)).to.match(/^#[\p{L}\p{N}]+$/u)
    }
    expect(hashtagOf('topics', 'données ouvertes')).to.equal('#DonnéesOuvertes')
  })
})

describe('countries and languages', () => {
  it('are the 249 of ISO 3166-1, each with a name in each language', () => {
    expect(new Set(countryCodes).size).to.equal(249)
    for (const language of ['en', 'ar']) {
      for (const code of countryCodes) expect(countryName(code, language), code).not.to.equal(code)
    }
    expect(countryName('CI', 'ar')).to.equal('ساحل العاج')
  })

  it('are their own name where nobody knows another', () => {
    expect(languageName('und', 'en')).to.equal('—')
    expect(languageName('pt-BR', 'en')).to.equal('Brazilian Portuguese')
    for (const tag of ['zh-yue', 'zh-min-nan', 'en-u-ca', 'abc-12', ''])
      expect(languageName(tag, 'en')).to.equal(tag)
    for (const code of ['', 'x', '??']) expect(countryName(code, 'en')).to.equal(code)
    expect(countryName('FR', 'not a language')).to.equal('FR')
  })
})
