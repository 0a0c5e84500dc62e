/** The proof seal: what was checked about a version's origin, in a few words, and the way to the page that shows it. */
import type { Verification } from '../../../content/model.ts'
import { type Html, html } from '../../html.ts'
import type { Words } from '../../words.ts'
import { own } from './links.ts'

const marks: Record<Verification['result'], string> = {
  verified: 'M5 10.5l3.5 3.5 6.5-8',
  own: 'M5 10.5l3.5 3.5 6.5-8',
  unsigned: 'M6 10h8',
  failed: 'M6 6l8 8M14 6l-8 8',
}

interface Sealed {
  verification: Verification
  /** The server whose signature it is. */
  host: string
  /** The page that shows the proof. */
  href: string
}

/** `own`: signed by this server; `verified`: checked here; what failed is said as plainly. */
export function seal(words: Words, { verification, host, href }: Sealed): Html {
  const { result, at } = verification
  const said = words.rich(`seal.${result}`, { host: own(host), day: words.day(at) })
  return html`<a class="seal" data-result="${result}" href="${href}"><svg viewBox="0 0 20 20" width="28" height="28" aria-hidden="true"><circle cx="10" cy="10" r="9"/><path d="${marks[result]}"/></svg><span>${said}</span></a>`
}
