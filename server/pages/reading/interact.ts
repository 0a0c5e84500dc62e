/** POST /interact: from a page here to the same thing on the reader's own server. */
import { Refusal } from '../../../content/refusal.ts'
import { webfinger } from '../../../federation/webfinger.ts'
import { type Context, sendPage, word } from '../../context.ts'
import { html } from '../../html.ts'
import { page } from '../../layout.ts'
import { hostOf, own } from '../parts/links.ts'
import { interactForm, type Typed } from './answer.ts'
import type { Show } from './find.ts'

const URI_LETTERS_MAX = 2000

/**
 * Ask the reader's server where it opens things, and lead there. A page with a link in between: browsers
 * do not follow a form's redirect to a place that `form-action` does not name.
 */
export const interact: Show = async (context, req, res) => {
  const uri = word(req, 'uri') ?? ''
  if (uri.length > URI_LETTERS_MAX || !uri.startsWith(`${context.site.origin}/`)) {
    throw new Refusal('invalid', 'request')
  }
  const address = word(req, 'address') ?? ''
  const place = await whereTo(context, address, uri)
  if (typeof place !== 'string') {
    const values = { address }
    return sendPage(res, again(context, uri, { values, mistakes: [place] }), 400)
  }
  res.set('Refresh', `0; url=${place}`)
  const title = context.words('interact.title')
  const body = html`<h1>${title}</h1>
<p><a class="button" href="${place}">${context.words.rich('interact.continue', { host: own(hostOf(place)) })}</a></p>`
  sendPage(res, page(context, { title, body }))
}

/** The address at the reader's server, or what is wrong with theirs. */
async function whereTo({ site }: Context, address: string, uri: string) {
  if (address.trim() === '') return { field: 'address', sentence: 'field.required' }
  try {
    const { interact: template } = await webfinger(site, address)
    const place = URL.parse(template?.replace('{uri}', encodeURIComponent(uri)) ?? '')
    if (place && /^https?:$/.test(place.protocol)) return place.href
    return { field: 'address', sentence: 'interact.unable' }
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    const sentence =
      error.sentence === 'discovery.handle' ? 'interact.handle' : 'interact.unreachable'
    return { field: 'address', sentence }
  }
}

function again(context: Context, uri: string, typed: Typed) {
  const title = context.words('interact.title')
  const body = html`<h1>${title}</h1>
<p>${context.words('interact.paste')}</p><p class="note code"><bdi>${uri}</bdi></p>
${interactForm(context, uri, context.words('interact.go'), typed)}`
  return page(context, { title, body })
}
