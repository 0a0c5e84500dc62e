/** POST /interact: from a page here to the same thing on the reader's own server. Nothing typed is kept. */
import { Refusal } from '../../../content/refusal.ts'
import { type Account, accountOf } from '../../../federation/webfinger.ts'
import { notTooOften } from '../../../federation/rates.ts'
import { isOurs } from '../../../federation/former.ts'
import type { Site } from '../../../federation/site.ts'
import { type Context, sendPage, word } from '../../context.ts'
import { html } from '../../html.ts'
import { page } from '../../layout.ts'
import { hostOf, own } from '../parts/links.ts'
import { interactForm, type Typed } from './answer.ts'
import type { Show } from './find.ts'

const URI_LETTERS_MAX = 2000
/** How long a reader waits for their own server. */
const ANSWER_MS = 8_000

/** Each time a server that a stranger names is asked: so often for one address of the network. */
const slowly = notTooOften({ burst: 20, perSecond: 0.1 }, 'interact.slow_down')

/** Something to be answered, or somebody to be followed. */
type Kind = 'item' | 'actor'

/**
 * Ask the reader's server where it opens things, and lead there. A page with a link in between: browsers
 * do not follow a form's redirect to a place that `form-action` does not name.
 */
export const interact: Show = async (context, req, res) => {
  const uri = word(req, 'uri') ?? ''
  const kind = await kindOf(context.site, uri)
  const address = word(req, 'address') ?? ''
  slowly(context.site, req.ip ?? '')
  const place = await whereTo(context, { address, uri, kind })
  if (typeof place !== 'string') {
    const values = { address }
    return sendPage(res, again(context, uri, { values, mistakes: [place] }), 400)
  }
  res.set('Refresh', `0; url=${place}`)
  const title = context.words('interact.title')
  const body = html`<h1>${title}</h1>
<p>${context.words(`interact.${kind}_said`)}</p>
<p><a class="button" href="${place}">${context.words.rich('interact.continue', { host: own(hostOf(place)) })}</a></p>`
  sendPage(res, page(context, { title, body }))
}

/** Only what stands on these pages is opened elsewhere: this is no way to anywhere else. */
async function kindOf(site: Site, uri: string): Promise<Kind> {
  const { store } = site
  const held = uri.length <= URI_LETTERS_MAX ? await store.get('items', uri) : undefined
  if (held?.visibility === 'shown') return 'item'
  const ours = isOurs(site, uri) && uri.length <= URI_LETTERS_MAX
  if (ours || (await store.get('initiatives', uri))) return 'actor'
  throw new Refusal('invalid', 'request')
}

interface Asked {
  address: string
  uri: string
  kind: Kind
}

/** The address at the reader's server, or what is wrong with theirs. */
async function whereTo({ site }: Context, { address, uri, kind }: Asked) {
  if (address.trim() === '') return { field: 'address', sentence: 'field.required' }
  try {
    const place = opened(await inTime(accountOf(site, address)), uri, kind)
    return place ?? { field: 'address', sentence: 'interact.unable' }
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    return { field: 'address', sentence: sentences[error.sentence] ?? 'interact.unreachable' }
  }
}

const sentences: Record<string, string> = {
  'discovery.handle': 'interact.handle',
  'fetch.private_address': 'interact.private',
  'fetch.address': 'interact.handle',
}

/** A slow server is one that did not answer: nobody looks at an empty page for so long. */
async function inTime<T>(answer: Promise<T>): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>()
  const late = new Refusal('unavailable', 'fetch.network', { host: '', code: 'TIMEOUT' })
  const timer = setTimeout(() => reject(late), ANSWER_MS)
  return Promise.race([answer, promise]).finally(() => clearTimeout(timer))
}

/** What of FEP-3b86 fits, in the order it is preferred to the template of OStatus. */
const intents: Record<Kind, string> = { item: 'object', actor: 'follow' }

/** What we may leave out of a template: where to go on afterwards. */
const left = /\{on-(?:success|cancel)\}/g

/** The template filled in; nothing when it asks for what we do not know, or is no address of a page. */
function opened(account: Account, uri: string, kind: Kind): string | undefined {
  const template = account.intents?.[intents[kind]] ?? account.interact ?? ''
  const filled = template.replaceAll(/\{(uri|object)\}/g, encodeURIComponent(uri)).replace(left, '')
  const place = filled === template || /[{}]/.test(filled) ? null : URL.parse(filled)
  const fits = place && /^https?:$/.test(place.protocol) && !place.username && !place.password
  return fits ? place.href : undefined
}

function again(context: Context, uri: string, typed: Typed) {
  const title = context.words('interact.title')
  const body = html`<h1>${title}</h1>
<p>${context.words('interact.paste')}</p><p class="note code"><bdi>${uri}</bdi></p>
${interactForm(context, uri, context.words('interact.go'), typed)}`
  return page(context, { title, body })
}
