/** A real browser: Debian's chromium through playwright-core. Where it is not installed, tests that need it are skipped and say so. */
import { existsSync } from 'node:fs'
import type { Context } from 'mocha'
import type { Browser } from 'playwright-core'

const executablePath = '/usr/bin/chromium'

/**
 * Off: what the address bar keeps ready below it, a page of its own that is told of every page; and what Playwright
 * turns off itself, of whose list and ours only the last counts.
 */
const off = [
  ...[
    'WebUIOmniboxPopup',
    'WebUIOmniboxFullPopup',
    'WebUIOmniboxAimPopup',
    'PreloadTopChromeWebUI',
  ],
  ...['AvoidUnnecessaryBeforeUnloadCheckSync', 'DestroyProfileOnBrowserClose', 'HttpsUpgrades'],
  ...['HttpsFirstBalancedModeAutoEnable', 'LensOverlay', 'MediaRouter', 'PaintHolding'],
  ...['ThirdPartyStoragePartitioning', 'AvoidCorsURLLoaderRestartOnRedirect', 'OptimizationHints'],
  ...['NetworkTimeServiceQuerying', 'AimEnabled', 'PreconnectToSearch'],
]

const args = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  `--disable-features=${off.join(',')}`,
  /** A page is there for a second: making its code faster takes longer than it saves. */
  '--js-flags=--no-opt --no-maglev',
]

/** On a machine that has other things to do, pages take their time. */
const PATIENCE_MS = 60_000

let started: Promise<Browser> | undefined

/** The browser of this process, a new one where the last has fallen; or skip the test (or suite) that asks. What has a browser may take a minute. */
export async function openBrowser(test: Context): Promise<Browser> {
  if (Number(test.timeout()) < PATIENCE_MS) test.timeout(PATIENCE_MS)
  if (!existsSync(executablePath)) {
    test.test?.parent && (test.test.title += ' (skipped: chromium is not installed)')
    return test.skip()
  }
  const isThere = (await started)?.isConnected()
  started = isThere && started ? started : start()
  return started
}

async function start(): Promise<Browser> {
  const { chromium } = await import('playwright-core')
  return chromium.launch({ executablePath, args })
}

/**
 * Read by .mocharc.json. In a parallel run this comes after each file: its pages are closed, and the browser stays for
 * the next and ends with the worker. In a run of one process it comes at the end, and ends the browser.
 */
export const mochaHooks = {
  async afterAll() {
    const browser = await started
    if (process.env.MOCHA_WORKER_ID === undefined) await browser?.close()
    for (const context of browser?.contexts() ?? []) await context.close()
  },
}
