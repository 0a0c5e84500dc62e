/** Looking after the server: copies, exports, the examination, and the way to another address, each on a page of its own. */
import { sendPage } from '../../context.ts'
import { html } from '../../html.ts'
import { allowed } from '../../login.ts'
import type { Show } from '../reading/find.ts'
import { hostPage } from './frame.ts'

const places = ['backup', 'doctor', 'export', 'moving', 'keys']
const publishing = ['redirects']

export const carePage: Show = async (context, _req, res) => {
  allowed(res, 'manage_initiative')
  const { words, site } = context
  const all = [...places, ...(site.policy.publishes ? publishing : [])]
  const body = html`<ul class="entries">${all.map(
    (name) =>
      html`<li><a href="/host/${name}">${words(`care.${name}`)}</a><p class="soft">${words(`care.${name}_said`)}</p></li>`,
  )}</ul>`
  sendPage(res, hostPage(context, { title: words('host.nav.care'), body, here: 'care' }))
}
