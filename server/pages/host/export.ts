/** Everything in open formats, and the pages as an archive: made while they are downloaded. */
import { Refusal } from '../../../content/refusal.ts'
import { sendPage } from '../../context.ts'
import { everything } from '../../export/everything.ts'
import { archived } from '../../export/archive.ts'
import { writeZip } from '../../export/zip.ts'
import { button } from '../../forms.ts'
import { html } from '../../html.ts'
import { allowed } from '../../login.ts'
import type { Show } from '../reading/find.ts'
import { hostPage } from './frame.ts'
import { typedIn } from './typed.ts'

const kinds = { export: everything, archive: archived } as const

export const exportPage: Show = async (context, _req, res) => {
  allowed(res, 'manage_initiative')
  const { words } = context
  const part = (kind: keyof typeof kinds) =>
    html`<h2>${words(`export.${kind}`)}</h2><p>${words(`export.${kind}_said`)}</p>
${button(context, '/host/export', words(`export.${kind}_submit`), { kind })}`
  const body = html`${part('export')}${part('archive')}`
  sendPage(res, hostPage(context, { title: words('care.export'), body, here: 'care' }))
}

export const sendExport: Show = async (context, req, res) => {
  allowed(res, 'manage_initiative')
  const { site, words } = context
  const kind = typedIn(req).kind ?? ''
  if (kind !== 'export' && kind !== 'archive') throw new Refusal('invalid', 'request')
  const at = site.now()
  res.attachment(`tributary-${kind}-${at.slice(0, 10)}.zip`).type('application/zip')
  await writeZip(kinds[kind](site, words), res, at).catch((error: unknown) => {
    if (!res.headersSent) throw error
    res.destroy()
  })
}
