/** What an idle server carries: only the code it needs, looked at by what is loaded and not by a measured figure. */
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { expect } from 'chai'

/** Each is read when somebody first asks for what it does. */
const waiting = [
  '@simplewebauthn/server',
  'csv-stringify',
  'diff',
  'docx',
  'feed',
  'ical-generator',
].concat(['multer', 'nodemailer', 'sax', 'turndown', 'yaml', 'yazl'])
/** Node’s own HTTP client, as Node names it. */
const OWN_CLIENT = 'internal/deps/undici/undici'

const root = join(import.meta.dirname, '../..')

/** A process that starts a server, has its front page read, and says what was loaded for it. */
const program = `
  const { registerHooks } = require('node:module')
  const files = []
  registerHooks({
    load: (url, context, next) => {
      files.push(url)
      return next(url, context)
    },
  })
  async function run() {
    const { endServers, testServer } = await import('./test/help/servers.ts')
    const { origin } = await testServer()
    await new Promise((read) => require('node:http').get(origin, (answer) => answer.resume().on('end', read)))
    await endServers()
    console.log(JSON.stringify({ files, own: process.moduleLoadList }))
  }
  void run()
`

describe('an idle server', () => {
  let loaded: { files: string[]; own: string[] }

  before(() => {
    const run = spawnSync(process.execPath, ['-e', program], { cwd: root, encoding: 'utf8' })
    expect(run.stderr).to.equal('')
    loaded = JSON.parse(run.stdout)
  })

  it('carries no library that waits for its first use', () => {
    expect(loaded.files.filter((url) => url.includes('/node_modules/express/'))).not.to.be.empty
    for (const name of waiting) {
      const found = loaded.files.filter((url) => url.includes(`/node_modules/${name}/`))
      expect(found, name).to.deep.equal([])
    }
  })

  it('carries of its HTTP client only the part it uses, and not Node’s own beside it', () => {
    const parts = loaded.files.filter((url) => url.includes('/node_modules/undici/'))
    expect(parts).not.to.be.empty
    expect(
      parts.filter((url) => /\/undici\/(index\.js|lib\/(web|mock|cache|interceptor)\/)/.test(url)),
    ).to.deep.equal([])
    expect(loaded.own.filter((name) => name.endsWith(OWN_CLIENT))).to.deep.equal([])
  })
})
