/** The house rules of ARCHITECTURE.md that a program can check. */
import { globSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect } from 'chai'

const FILE_LINES_MAX = 360
const FUNCTION_LINES_MAX = 60

const files = globSync('{content,federation,server,scripts,test,bench}/**/*.ts', {
  exclude: ['bench/peers/**', 'test/judges/*/node_modules/**'],
})
const source = new Map(files.map((file) => [file, readFileSync(file, 'utf8')]))
const folderOf = (file: string) => String(file.split('/')[0])
const product = files.filter((file) => folderOf(file) !== 'test')

/** Who may import whom; a folder may always import itself and Node's own modules. */
const mayImport: Record<string, string[]> = {
  content: [],
  federation: ['content'],
  server: ['content', 'federation'],
  scripts: ['content', 'federation', 'server'],
  test: ['content', 'federation', 'server', 'scripts'],
  bench: ['content', 'federation', 'server', 'scripts'],
}

/** The one home of each package (a file, or a folder that ends in a slash). `zod` reads at every door. */
const homes: Record<string, string[]> = {
  canonicalize: ['federation/proofs.ts'],
  '@simplewebauthn/server': ['server/passkeys.ts'],
  'csv-stringify': ['server/csv.ts'],
  diff: ['content/compare.ts'],
  docx: ['server/docx.ts'],
  'express-rate-limit': ['server/pages/host/login.ts'],
  feed: ['server/feeds.ts'],
  helmet: ['server/app.ts'],
  'ical-generator': ['server/calendar.ts'],
  'ipaddr.js': ['federation/fetch.ts'],
  jsonwebtoken: ['server/login.ts'],
  multer: ['server/uploads.ts'],
  nodemailer: ['server/mail.ts'],
  pino: ['server/log.ts'],
  'prom-client': ['server/metrics.ts'],
  marked: ['content/markdown.ts', 'content/blocks.ts'],
  'sanitize-html': ['content/text.ts'],
  sax: ['content/import/'],
  turndown: ['content/import/'],
  undici: ['federation/fetch.ts'],
  yaml: ['content/import/'],
  yazl: ['server/export/'],
  express: ['server/', 'federation/'],
  zod: ['content/', 'federation/', 'server/'],
}

/** Words that may stand in one place only. */
const onePlace: Record<string, string[]> = {
  'process.env': ['server/config.ts', 'scripts/'],
  'Date.now()': ['server/site.ts', 'scripts/', 'bench/'],
  'new Date()': ['server/site.ts', 'scripts/', 'bench/'],
  'config.role': ['server/site.ts', 'scripts/'],
  'console.': ['scripts/', 'bench/', 'server/pages/parts/check.ts'],
  DatabaseSync: ['content/store/', 'bench/floor.ts'],
}

function importsOf(file: string): string[] {
  const text = source.get(file) ?? ''
  const statements = text.matchAll(/^(?:import|export) (?:[^'"]*? from )?'([^']+)'/gms)
  const dynamic = text.matchAll(/import\('([^']+)'\)/g)
  return [...statements, ...dynamic].map(([, path]) => String(path))
}

const isRelative = (path: string) => path.startsWith('.')
const target = (file: string, path: string) => join(dirname(file), path)
const packageOf = (path: string) =>
  path
    .split('/')
    .slice(0, path.startsWith('@') ? 2 : 1)
    .join('/')
/** What a package of its own may import; without a judge, what this program and its tests may. */
const packagesOf = (judge: string) => {
  const text = readFileSync(judge ? `test/judges/${judge}/package.json` : 'package.json', 'utf8')
  const { dependencies, devDependencies } = JSON.parse(text) as Record<string, object | undefined>
  return Object.keys({ ...dependencies, ...devDependencies })
}
const isAt = (file: string, places: string[]) =>
  places.some((place) => file === place || (place.endsWith('/') && file.startsWith(place)))

describe('the house', () => {
  it('imports go one way: scripts, server, federation, content', () => {
    for (const file of files) {
      for (const path of importsOf(file).filter(isRelative)) {
        const folder = folderOf(target(file, path))
        const allowed = [folderOf(file), ...(mayImport[folderOf(file)] ?? [])]
        if (!path.endsWith('package.json'))
          expect(allowed, `${file} imports ${path}`).to.include(folder)
      }
    }
  })

  it('every package is used in its home only', () => {
    for (const file of product) {
      const packages = importsOf(file).filter(
        (path) => !isRelative(path) && !path.startsWith('node:'),
      )
      for (const name of packages.map(packageOf)) {
        if (folderOf(file) === 'bench') continue
        expect(isAt(file, homes[name] ?? []), `${file} imports ${name}`).to.equal(true)
      }
    }
  })

  it('a judge brings its own packages, and nobody else knows them', () => {
    for (const file of files) {
      const [, judge] = /^test\/judges\/([\w-]+)\/[\w.-]+$/.exec(file) ?? []
      const packages = importsOf(file).filter((path) => /^(?!node:)[@a-z]/.test(path))
      for (const name of packages.map(packageOf)) {
        expect(packagesOf(judge ?? ''), `${file} imports ${name}`).to.include(name)
      }
    }
  })

  it('no import goes in a circle', () => {
    const done = new Set<string>()
    const visit = (file: string, trail: string[]) => {
      expect(trail, [...trail, file].join(' -> ')).not.to.include(file)
      if (done.has(file)) return
      for (const path of valueImports(file)) visit(target(file, path), [...trail, file])
      done.add(file)
    }
    for (const file of files) visit(file, [])
  })

  it('every file is used, is short, and says in its first line what it is', () => {
    const used = new Set(files.flatMap((file) => importsOf(file).map((path) => target(file, path))))
    for (const [file, text] of source) {
      expect(text.startsWith('/**'), `${file} does not say what it is`).to.equal(true)
      expect(text.split('\n').length, `${file} is too long`).to.be.at.most(FILE_LINES_MAX)
      const entrance =
        /^(test\/.*\.test|test\/judges\/[\w-]+\/(judge|[\w-]+\.d)|scripts\/[\w-]+|bench\/[\w-]+)\.ts$/.test(
          file,
        )
      expect(entrance || used.has(file), `${file} is never imported`).to.equal(true)
    }
  })

  it('every function fits a screen', () => {
    for (const [file, text] of source) {
      const lines = text.split('\n')
      for (const [start, line] of lines.entries()) {
        if (!/^(export )?(async )?function/.test(line)) continue
        const length = lines.indexOf('}', start) - start + 1
        expect(length, `${file}:${start + 1}`).to.be.at.most(FUNCTION_LINES_MAX)
      }
    }
  })

  it('environment, clock, role and database are each touched in one place', () => {
    for (const file of product) {
      for (const [words, places] of Object.entries(onePlace)) {
        const found = source.get(file)?.includes(words) && !isAt(file, places)
        expect(found, `${file} uses ${words}`).to.not.equal(true)
      }
    }
  })

  it('nothing is left half done', () => {
    const leftover = /\b(TODO|FIXME|XXX)\b|^\s*debugger\b|\.(only|skip)\(|\bas any\b|: any\b|@ts-/
    for (const [file, text] of source) {
      if (file === 'test/house.test.ts') continue
      const line = text
        .split('\n')
        .find((each) => leftover.test(each) && !/\b(this|test)\.skip\(\)/.test(each))
      expect(line, file).to.equal(undefined)
    }
  })

  it('text has only safe directions: no hidden control characters in the source', () => {
    for (const [file, text] of source) {
      const hidden = [...text].some((letter) => /[\u202a-\u202e\u2066-\u2069]/u.test(letter))
      expect(hidden, file).to.equal(false)
    }
  })
})

/** Imports that remain after types are stripped: only these can make a circle at run time. */
function valueImports(file: string): string[] {
  const text = source.get(file) ?? ''
  const found = text.matchAll(/^(?:import|export) (?!type )(?:[^'"]*? from )?'(\.[^']+\.ts)'/gms)
  return [...found].map(([, path]) => String(path))
}

describe('the catalogs', () => {
  const languages = readdirSync('server/locales')
  const areas = readdirSync('server/locales/en')
  type Catalog = Record<string, string | Record<string, string>>
  const read = (language: string, area: string) =>
    JSON.parse(readFileSync(`server/locales/${language}/${area}`, 'utf8')) as Catalog

  const placeholders = (value: Catalog[string]) =>
    [
      ...new Set(
        [value]
          .flatMap((v) => (typeof v === 'string' ? [v] : Object.values(v)))
          .join(' ')
          .match(/\{\w+\}/g),
      ),
    ]
      .filter((name) => name !== '{count}')
      .sort()

  for (const language of languages) {
    it(`every area has every word in ${language}, with the plural forms it needs and the same placeholders`, () => {
      expect(readdirSync(`server/locales/${language}`)).to.have.members(areas)
      const forms = new Intl.PluralRules(language).resolvedOptions().pluralCategories
      for (const area of areas) {
        const english = read('en', area)
        const catalog = read(language, area)
        expect(Object.keys(catalog), `${language}/${area}`).to.have.members(Object.keys(english))
        for (const [key, value] of Object.entries(catalog)) {
          if (typeof value === 'object') expect(value, `${language} ${key}`).to.include.keys(forms)
          const wanted = placeholders(english[key] ?? '')
          expect(placeholders(value), `${language} ${key}`).to.deep.equal(wanted)
        }
      }
    })
  }

  it('no word stands in two areas', () => {
    const keys = areas.flatMap((area) => Object.keys(read('en', area)))
    expect(keys.filter((key, i) => keys.indexOf(key) !== i)).to.deep.equal([])
  })

  it('every word that the program says is in the catalogs', () => {
    const known = new Set(areas.flatMap((area) => Object.keys(read('en', area))))
    for (const file of product) {
      const text = source.get(file) ?? ''
      for (const [, key = ''] of text.matchAll(/\bwords(?:\.rich)?\(\s*'([\w.]+)'/g)) {
        expect(known.has(key), `${file} says ${key}`).to.equal(true)
      }
      for (const [, key = ''] of text.matchAll(/new Refusal\(\s*'\w+',\s*'([\w.]+)'/g)) {
        expect(known.has(`refusal.${key}`), `${file} refuses with ${key}`).to.equal(true)
      }
    }
  })
})
