/** docs/hostile-suite.md: every class of SECURITY-CLASSES with the tests that stand for it, written from the tests themselves. */
import { execFile } from 'node:child_process'
import { existsSync, globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { promisify } from 'node:util'
import { expect } from 'chai'

const FILE = 'docs/hostile-suite.md'
const COMMAND = 'HOSTILE_TABLE=write npx mocha test/hostile/table.test.ts'

/** Each class, in a few words. */
const classes: Record<string, string> = {
  A1: 'the body or its digest',
  A2: 'host and path',
  A3: 'a right signature on the words of another',
  A4: 'a key that names somebody else',
  A5: 'an id that leads to somebody else',
  A6: 'two signatures, two keys',
  A7: 'time and repetition',
  A8: 'RFC 9421: what is covered, labels, algorithms',
  A9: 'other bytes of the same meaning',
  A10: 'proofs',
  B1: 'fetched documents with a foreign id',
  B2: 'embedded objects with a foreign id or author',
  B3: 'reserving the id of another',
  B4: 'authors that are none',
  B5: 'altering what is not one’s own',
  B6: 'the wrong media type',
  B7: 'files of ours as ActivityStreams',
  B8: 'WebFinger',
  B9: 'collections that list what others said',
  B10: 'forwarding without proof',
  C1: 'contexts that rename',
  C2: 'graphs and inclusions',
  C3: 'properties outside the signed context',
  C4: 'remote contexts',
  D1: 'private, loopback and link-local addresses',
  D2: 'addresses that are nobody’s',
  D3: 'addresses inside addresses',
  D4: 'redirects to private addresses',
  D5: 'names that change their address',
  D6: 'inboxes and redirects on delivery',
  D7: 'schemes and ports',
  D8: 'addresses of the unapproved',
  E1: 'endless bodies',
  E2: 'slow drips',
  E3: 'redirect loops',
  E4: 'keys that are never there',
  E5: 'ever new hosts',
  E6: 'endless threads and logs',
  E7: 'patterns on HTML',
  E8: 'huge fields',
  E9: 'compression, depth, recipients',
  E10: 'floods',
  F: 'content that is code',
  G: 'visibility, logins, forms',
  H: 'blocked servers',
  I: 'keys, versions, Tombstones, logs, vocabularies, tables',
}

interface Report {
  tests: { title: string }[]
}

/** The titles of all tests of this folder, found without running them. */
async function titles(): Promise<string[]> {
  const files = globSync('test/hostile/*.test.ts').filter((file) => !file.includes('table'))
  const args = [
    'node_modules/mocha/bin/mocha.js',
    '--dry-run',
    '--exit',
    '--reporter',
    'json',
    ...files,
  ]
  const { stdout } = await promisify(execFile)(process.execPath, args, {
    maxBuffer: 64 * 1024 * 1024,
  })
  return (JSON.parse(stdout) as Report).tests.map(({ title }) => title)
}

function written(all: string[]): string {
  const parts = Object.entries(classes).map(([name, meaning]) => {
    const lines = all
      .filter((title) => title.startsWith(`${name} `))
      .map((title) => `- \`${title.slice(name.length + 1).replaceAll('`', "'")}\``)
    return `## ${name} – ${meaning}\n\n${lines.join('\n')}\n`
  })
  const head = `# What hostile peers try, and the tests that stand for it

Each line is a test against a running server with a hostile server on loopback (\`test/hostile/\`). It says what was
sent; the test says what was answered, and what must not have changed. The numbers are public advisories of this
field. Written from the tests by \`${COMMAND}\`; a test fails when this page is out of date.
`
  return [head, ...parts].join('\n')
}

describe('the table of the hostile suite', () => {
  it('names every class with at least one test, and is up to date', async function () {
    this.timeout(60_000)
    const all = await titles()
    for (const name of Object.keys(classes))
      expect(
        all.some((title) => title.startsWith(`${name} `)),
        name,
      ).to.equal(true)
    const text = written(all)
    if (process.env.HOSTILE_TABLE === 'write') {
      mkdirSync('docs', { recursive: true })
      writeFileSync(FILE, text)
    }
    expect(existsSync(FILE) && readFileSync(FILE, 'utf8'), `run ${COMMAND}`).to.equal(text)
  })
})
