/** Countries and languages as people type them. */
import { expect } from 'chai'
import { countryCodes } from '../../content/countries.ts'
import { readCountries, readLanguages, writtenCountries } from '../../server/pages/host/places.ts'

describe('countries and languages, typed', () => {
  for (const language of ['en', 'ar', 'fr', 'es', 'pt', 'zh']) {
    it(`all 249 countries as they are written in ${language} are read again`, () => {
      const { codes, unknown } = readCountries(writtenCountries(countryCodes, language), language)
      expect(unknown).to.deep.equal([])
      expect(codes).to.deep.equal(countryCodes)
    })
  }

  const countries: [typed: string, language: string, codes: string][] = [
    ['Senegal, the Gambia and so on', 'en', 'SN'],
    ['SN GM GW', 'en', 'SN GM GW'],
    ['sn; gm\ncv', 'en', 'SN GM CV'],
    ['السنغال، غامبيا', 'ar', 'SN GM'],
    ['السودان , EG , Tunisia', 'ar', 'SD EG TN'],
    ["Cote d'Ivoire, Ivory Coast, Côte d’Ivoire", 'en', 'CI'],
    ['Bosnia and Herzegovina, Trinidad & Tobago, Saint Lucia', 'en', 'BA TT LC'],
    ['USA, UK, Turkey, Czech Republic', 'en', 'US GB TR CZ'],
    ['Sénégal, Allemagne', 'en', 'SN DE'],
    ['塞内加尔、冈比亚', 'zh', 'SN GM'],
    ['Senegal (SN), Senegal', 'en', 'SN'],
    [' , ;\n', 'en', ''],
  ]
  for (const [typed, language, codes] of countries) {
    it(`“${typed.trim().replaceAll('\n', ' ')}” is ${codes || 'nothing'}`, () => {
      expect(readCountries(typed, language).codes.join(' ')).to.equal(codes)
    })
  }

  it('what is not known is named, with what may have been meant', () => {
    const { unknown } = readCountries('Congo, Senegall, Atlantis', 'en')
    const said = unknown.map(({ text, near }) => [text, near.map(({ code }) => code).join(' ')])
    expect(said).to.deep.equal([
      ['Congo', 'CD CG'],
      ['Senegall', 'SN'],
      ['Atlantis', ''],
    ])
  })

  it('languages are read by name in any of several languages, by their own name, and by code', () => {
    const typed = 'English, français, Kiswahili, Wolof, zh-Hans, pt-BR, العربية'
    expect(readLanguages(typed, 'en')).to.deep.equal({
      codes: ['en', 'fr', 'sw', 'wo', 'zh-Hans', 'pt-BR', 'ar'],
      unknown: [],
    })
    expect(readLanguages('xx, Klingonish', 'en').unknown.map(({ text }) => text)).to.deep.equal([
      'xx',
      'Klingonish',
    ])
  })
})
