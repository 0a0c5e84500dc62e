/** The host's colour, made readable: darkened on paper, lightened on dark, until its contrast is enough. */
import { type Html, html } from './html.ts'

type Rgb = [number, number, number]

const PAPER: Rgb = [255, 255, 255]
const NIGHT: Rgb = [20, 24, 28]
/** WCAG 2.2, 1.4.6: AAA for text. */
const CONTRAST = 7

/** A style element that sets `--accent` for both schemes. */
export function accentStyle(chosen: string): Html {
  const light = onPaper(chosen)
  const dark = hex(until(rgb(chosen), NIGHT, [255, 255, 255]))
  return html`<style>:root{--accent:${light}}@media (prefers-color-scheme:dark){:root{--accent:${dark}}}</style>`
}

/** The colour as it can be read on white, and white on it. */
export const onPaper = (chosen: string): string => hex(until(rgb(chosen), PAPER, [0, 0, 0]))

/** The nearest mix of the colour with black or white that has enough contrast on its ground. */
function until(colour: Rgb, ground: Rgb, towards: Rgb): Rgb {
  for (let part = 0; part <= 1; part += 0.05) {
    const mixed = colour.map((c, i) => Math.round(c + ((towards[i] ?? 0) - c) * part)) as Rgb
    if (contrast(mixed, ground) >= CONTRAST) return mixed
  }
  return towards
}

/** WCAG 2.2: relative luminance and contrast ratio. */
function contrast(a: Rgb, b: Rgb): number {
  const [high = 0, low = 0] = [luminance(a), luminance(b)].sort((x, y) => y - x)
  return (high + 0.05) / (low + 0.05)
}

function luminance(colour: Rgb): number {
  const [r = 0, g = 0, b = 0] = colour.map((c) => {
    const part = c / 255
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * r + 0.7152 * g + 0.0722 * b
}

const rgb = (text: string): Rgb =>
  [1, 3, 5].map((at) => Number.parseInt(text.slice(at, at + 2), 16)) as Rgb

const hex = (colour: Rgb) => `#${colour.map((c) => c.toString(16).padStart(2, '0')).join('')}`
