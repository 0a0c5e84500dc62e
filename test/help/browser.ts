/** A real browser: Debian's chromium through playwright-core. Where it is not installed, tests that need it are skipped and say so. */
import { existsSync } from 'node:fs'
import type { Context } from 'mocha'
import { type Browser, chromium } from 'playwright-core'

const executablePath = '/usr/bin/chromium'

const args = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

/** Start it, or skip the test (or suite) that asks. */
export async function openBrowser(test: Context): Promise<Browser> {
  if (!existsSync(executablePath)) {
    test.test?.parent && (test.test.title += ' (skipped: chromium is not installed)')
    return test.skip()
  }
  return chromium.launch({ executablePath, args })
}
