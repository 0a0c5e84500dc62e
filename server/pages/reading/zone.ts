/** Where readers say whose clocks they read by, and a browser with scripts offers its own. */
import type { Request } from 'express'
import type { Mistake } from '../../../content/refusal.ts'
import { isTimeZone } from '../../../content/values.ts'
import { scriptPath } from '../../assets.ts'
import { type Context, sendPage, word } from '../../context.ts'
import { button, form } from '../../forms.ts'
import { type Html, html } from '../../html.ts'
import { page } from '../../layout.ts'
import { keepZone, readersZone } from '../../readers-zone.ts'
import { localPath } from '../host/login.ts'
import type { Show } from './find.ts'

const script = scriptPath('zone.js')

/** Below times that stand in zones of the meeting: the reader's own, to be chosen, changed or forgotten. */
export function zoneChoice(context: Context, req: Request, back: string, shown: string): Html {
  const { words, site } = context
  const asked = word(req, 'zone')
  const mistakes =
    asked !== undefined && !isTimeZone(asked) ? [{ field: 'zone', sentence: 'field.bad_zone' }] : []
  const zone = readersZone(req, site.origin)
  const summary = zone
    ? words.rich('zone.chosen', { zone: html`<bdi>${zone}</bdi>` })
    : words('programme.zone')
  return html`${!zone && offer(context, back, shown)}
<details class="folded no-print"${mistakes.length > 0 && html` open`}><summary>${summary}</summary>
${zoneForm(context, { zone: asked ?? zone ?? '', back }, mistakes)}</details>`
}

/** Hidden until the script knows that this device has other clocks than those on the page. */
function offer(context: Context, back: string, shown: string): Html {
  const label = context.words.rich('zone.offer', { zone: html`<bdi></bdi>` })
  return html`<div class="no-print" data-zone-offer="${shown} UTC" hidden>${button(context, '/zone', label, { zone: '', back }, 'second')}</div>
<script type="module" src="${script}"></script>`
}

function zoneForm(
  context: Context,
  values: { zone: string; back: string },
  mistakes: Mistake[],
): Html {
  const { words } = context
  return form(context, {
    action: '/zone',
    prefix: 'own-',
    values,
    mistakes,
    fields: [
      {
        name: 'zone',
        label: words('programme.zone'),
        hint: words('programme.zone_hint'),
        dir: 'ltr',
      },
      { name: 'back', label: '', kind: 'hidden' },
    ],
    submit: words('zone.keep'),
  })
}

/** POST /zone: kept in a cookie of this browser, and back to where it was chosen. An empty field forgets it. */
export const chooseZone: Show = async (context, req, res) => {
  const zone = (word(req, 'zone') ?? '').trim()
  const back = localPath(word(req, 'back')) ?? '/meetings'
  if (zone === '' || isTimeZone(zone)) {
    keepZone(res, zone)
    return res.redirect(303, back)
  }
  const title = context.words('programme.zone')
  const mistakes = [{ field: 'zone', sentence: 'field.bad_zone' }]
  const body = html`<h1>${title}</h1>${zoneForm(context, { zone, back }, mistakes)}`
  sendPage(res, page(context, { title, body, here: 'meetings' }), 400)
}
