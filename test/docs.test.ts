/** The papers say what the program does. */
import { readFileSync } from 'node:fs'
import { expect } from 'chai'
import { settings } from '../server/config.ts'

const read = (file: string) => readFileSync(file, 'utf8')

describe('the papers', () => {
  it('the README lists every setting with its meaning and its default', () => {
    const rows = settings.map(
      ({ name, meaning, fallback }) => `| \`${name}\` | ${meaning} | \`${fallback}\` |`,
    )
    const readme = read('README.md').replace(/ +/g, ' ')
    for (const row of rows) expect(readme).to.include(row)
  })

  it('every command that the README names is there', () => {
    const scripts = Object.keys(
      (JSON.parse(read('package.json')) as { scripts: Record<string, string> }).scripts,
    )
    const named = [
      ...read('README.md').matchAll(
        /npm (?:run )?(start|test|demo|real|tributary|judges|bench)\b/g,
      ),
    ]
    for (const [, name] of named) expect(scripts).to.include(name)
  })

  it('every library has its line in ARCHITECTURE.md', () => {
    const { dependencies } = JSON.parse(read('package.json')) as {
      dependencies: Record<string, string>
    }
    for (const name of Object.keys(dependencies)) {
      expect(read('ARCHITECTURE.md'), name).to.match(
        new RegExp(`(?<!\\w)${name.replace('.', '\\.')}(?!\\w)`),
      )
    }
  })

  it('every link from one paper to another leads somewhere', () => {
    for (const paper of [
      'README.md',
      'ARCHITECTURE.md',
      'FEDERATION.md',
      'CONTRIBUTING.md',
      'SECURITY.md',
      'docs/log.md',
    ]) {
      for (const [, path = ''] of read(paper).matchAll(/\]\(([\w./-]+)\)/g)) {
        expect(() => read(path), `${paper} leads to ${path}`).not.to.throw()
      }
    }
  })
})
