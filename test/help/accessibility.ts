/** Whether a page in a real browser can be read: what axe-core finds, and what sticks out of the window. */
import { readFileSync } from 'node:fs'
import { expect } from 'chai'
import type { Page } from 'playwright-core'

interface Found {
  violations: { id: string; help: string; nodes: { target: unknown; failureSummary?: string }[] }[]
}

/**
 * English by day and Arabic by night. The scheme changes colours alone, the language words and direction alone: so
 * every page is seen with all rules in both schemes and both directions when it is seen in these two looks.
 */
export const looks = [
  { locale: 'en', colorScheme: 'light' },
  { locale: 'ar', colorScheme: 'dark' },
] as const

/** The shorter of axe's two forms: it is read anew on every page. */
const source = readFileSync(new URL(import.meta.resolve('axe-core/axe.min.js')), 'utf8')

/** Only what is broken is gathered and sent: all that is right would take three times as long. */
const run = `axe.run(document, {
  runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
  resultTypes: ['violations'], preload: false,
}).then(({ violations }) => ({ violations }))`

/** One line for each broken rule and place. The policy of the page keeps scripts out, so axe comes in by evaluation. */
export async function axeFindings(page: Page): Promise<string[]> {
  await page.evaluate(source)
  const { violations } = (await page.evaluate(run)) as Found
  return violations.flatMap(({ id, help, nodes }) =>
    nodes.map(({ target }) => `${id}: ${help} at ${String(target)}`),
  )
}

/** axe finds nothing, and nothing is wider than the window. */
export async function expectFine(page: Page, name = page.url()): Promise<void> {
  expect(await axeFindings(page), name).to.deep.equal([])
  const sticksOut: unknown = await page.evaluate(
    'document.documentElement.scrollWidth > innerWidth',
  )
  expect(sticksOut, `${name} is wider than its window`).to.equal(false)
}
