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

/** On a machine that has other things to do, pages take their time. */
const PATIENCE_MS = 60_000

/** Start it, or skip the test (or suite) that asks. What has a browser may take a minute. */
export async function openBrowser(test: Context): Promise<Browser> {
  if (Number(test.timeout()) < PATIENCE_MS) test.timeout(PATIENCE_MS)
  if (!existsSync(executablePath)) {
    test.test?.parent && (test.test.title += ' (skipped: chromium is not installed)')
    return test.skip()
  }
  return chromium.launch({ executablePath, args })
}
