/** Who gets in: all that are not blocked, or only those on the list; and the way to the lists of blocks. */
import { Refusal } from '../../../content/refusal.ts'
import { isAllowListed, setAllowList } from '../../../federation/admission.ts'
import type { Context } from '../../context.ts'
import { button } from '../../forms.ts'
import { type Html, html } from '../../html.ts'
import { allowed } from '../../login.ts'
import type { Show } from '../reading/find.ts'
import { typedIn } from './typed.ts'

/** What stands on the page of the peers. */
export async function admissionSection(context: Context): Promise<Html> {
  const { words, site } = context
  const listed = await isAllowListed(site)
  const [now, next] = listed ? ['listed', 'open'] : ['open', 'listed']
  const label = words(`admission.${next}_do`)
  return html`<h2 id="admission">${words('admission.title')}</h2><p>${words(`admission.${now}`)}</p>
<div class="buttons">${button(context, '/host/peers/admission', label, { mode: next }, 'second')}</div>
<p><a href="/host/peers/blocks">${words('admission.lists')}</a></p>`
}

export const changeAdmission: Show = async ({ site }, req, res) => {
  const by = allowed(res, 'manage_peers')
  const { mode } = typedIn(req)
  if (mode !== 'listed' && mode !== 'open') throw new Refusal('invalid', 'request')
  await setAllowList(site, mode === 'listed', by.id)
  res.redirect(303, `/host/peers?done=allow_list_${mode === 'listed' ? 'on' : 'off'}`)
}
