/** What axe-core finds on a page in a real browser: nothing, or each rule with where it is broken. */
import { readFileSync } from 'node:fs'
import type { Page } from 'playwright-core'

interface Found {
  violations: { id: string; help: string; nodes: { target: unknown; failureSummary?: string }[] }[]
}

/** The shorter of its two forms: it is read anew on every page. */
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
