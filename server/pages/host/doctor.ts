/** The examination of this server, as the command `doctor` makes it, for a host in the browser. */
import { examine } from '../../doctor.ts'
import { settingsOf } from '../../config.ts'
import { sendPage } from '../../context.ts'
import { html } from '../../html.ts'
import { allowed } from '../../login.ts'
import type { Show } from '../reading/find.ts'
import { hostPage } from './frame.ts'

export const doctorPage: Show = async (context, _req, res) => {
  allowed(res, 'manage_initiative')
  const { words, site } = context
  const found = await examine(site, settingsOf(site))
  const wrong = found.filter(({ well }) => !well)
  const right = found.filter(({ well }) => well)
  const what = (name: string) => words(`doctor.${name}.what`)
  const body = html`<p class="lead">${words('doctor.said')}</p>
${
  wrong.length > 0
    ? html`<h2>${words('doctor.wrong')}</h2><ul class="entries">${wrong.map(
        ({ name, values }) =>
          html`<li><b>✗ ${what(name)}</b><p>${words(`doctor.${name}.do`, values)}</p></li>`,
      )}</ul>`
    : html`<p class="note">${words('doctor.well')}</p>`
}
<h2>${words('doctor.right')}</h2><ul>${right.map(({ name }) => html`<li>✓ ${what(name)}</li>`)}</ul>`
  sendPage(res, hostPage(context, { title: words('care.doctor'), body, here: 'care' }))
}
