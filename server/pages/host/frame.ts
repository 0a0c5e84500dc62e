/** The frame around every page of the host: where one can go, what was done, and the page itself. */
import { may, type Verb } from '../../../content/rights.ts'
import type { Context } from '../../context.ts'
import { type Html, html } from '../../html.ts'
import { page } from '../../layout.ts'

interface Place {
  /** Its key in the catalogs below `host.nav.`, and its name for `here`. */
  name: string
  path: string
  verb: Verb
  /** Only where initiatives are listed. */
  lists?: boolean
  /** Only where content is written. */
  publishes?: boolean
}

/** Everything behind the sign-in, in the order of a day's work. */
const places: Place[] = [
  { name: 'front', path: '/host', verb: 'see_host_pages' },
  { name: 'outcomes', path: '/host/outcomes', verb: 'write_outcome', publishes: true },
  { name: 'meetings', path: '/host/meetings', verb: 'write_meeting', publishes: true },
  { name: 'discussions', path: '/host/discussions', verb: 'write_discussion', publishes: true },
  { name: 'calls', path: '/host/calls', verb: 'write_meeting', publishes: true },
  { name: 'reports', path: '/host/reports', verb: 'move_outcome', publishes: true },
  { name: 'contributions', path: '/host/contributions', verb: 'moderate', publishes: true },
  { name: 'registry', path: '/host/registry', verb: 'manage_registry', lists: true },
  { name: 'receipts', path: '/host/receipts', verb: 'see_host_pages' },
  { name: 'peers', path: '/host/peers', verb: 'manage_peers' },
  { name: 'people', path: '/host/people', verb: 'manage_people' },
  { name: 'settings', path: '/host/settings', verb: 'manage_initiative' },
  { name: 'care', path: '/host/care', verb: 'manage_initiative' },
  { name: 'mail', path: '/host/mail', verb: 'manage_initiative' },
  { name: 'trail', path: '/host/trail', verb: 'see_host_pages' },
]

export interface HostPage {
  title: string
  body: Html
  /** The name of the place it belongs to. */
  here?: string
  /** What has just been done, as `?done=` says: a key below `host.done.` */
  done?: unknown
}

export function hostPage(context: Context, { title, body, here, done }: HostPage): Html {
  const { words } = context
  const said = typeof done === 'string' && words.has(`host.done.${done}`)
  const whole = html`${hostNavigation(context, here)}
${said && html`<p class="note" role="status">${words(`host.done.${done}`)}</p>`}
<h1>${title}</h1>
${body}`
  return page(context, { title, body: whole, here: 'host' })
}

function hostNavigation({ words, person, site }: Context, here: string | undefined): Html | false {
  const { lists, publishes } = site.policy
  const open = places.filter(
    (place) =>
      may(person, place.verb) && (!place.lists || lists) && (!place.publishes || publishes),
  )
  if (open.length === 0) return false
  return html`<nav class="host wide no-print" aria-label="${words('host.nav.title')}"><ul>
${open.map(
  ({ name, path }) =>
    html`<li><a href="${path}"${name === here && html` aria-current="page"`}>${words(`host.nav.${name}`)}</a></li>`,
)}</ul></nav>`
}
