/** A bar of counts as SVG made here, with the same figures in a table under it. */
import { type Html, html } from '../../html.ts'
import type { Words } from '../../words.ts'
import { pair } from '../../marks.ts'

interface Bars {
  title: string
  /** Names the picture's parts within the page. */
  name: string
  rows: { label: string; count: number; href?: string }[]
  /** What is said of those that are too few to be counted here. */
  rest?: { label: string; said: string }
}

const WIDTH = 300
const HEIGHT = 14
const GAP = 6

/** Nothing when there is nothing to count. Colours follow the scheme; in print they are ink. */
export function bars(words: Words, { title, name, rows, rest }: Bars): Html | false {
  if (rows.length === 0) return false
  const most = Math.max(...rows.map(({ count }) => count))
  const height = rows.length * (HEIGHT + GAP)
  const said = rows.map(({ label, count }) => pair(words, label, words.number(count))).join('; ')
  const start = words.dir === 'rtl'
  const drawn = rows.map(({ count }, i) => {
    const width = Math.max(2, Math.round((count / most) * WIDTH))
    return html`<rect x="${start ? WIDTH - width : 0}" y="${i * (HEIGHT + GAP)}" width="${width}" height="${HEIGHT}"/>`
  })
  return html`<section class="bars"><h2>${title}</h2>
<svg viewBox="0 0 ${WIDTH} ${height}" role="img" aria-labelledby="${name}-title ${name}-desc" preserveAspectRatio="none"><title id="${name}-title">${title}</title><desc id="${name}-desc">${said}</desc>${drawn}</svg>
<table><caption class="hidden">${title}</caption><tbody>${rows.map(
    ({ label, count, href }) =>
      html`<tr><th scope="row">${linked(label, href)}</th><td>${words.number(count)}</td></tr>`,
  )}${rest && html`<tr><th scope="row">${rest.label}</th><td>${rest.said}</td></tr>`}</tbody></table></section>`
}

const linked = (label: string, href: string | undefined): Html =>
  href === undefined ? html`<bdi>${label}</bdi>` : html`<a href="${href}"><bdi>${label}</bdi></a>`
