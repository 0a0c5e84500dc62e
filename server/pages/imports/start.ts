/** Where an import begins: a file, pasted text, or the address of a site; and the imports there are. */
import { randomUUID } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import type { Response } from 'express'
import type { ImportJob } from '../../../content/imports.ts'
import type { Person } from '../../../content/parties.ts'
import type { Mistake } from '../../../content/refusal.ts'
import { plainName } from '../../../content/text.ts'
import { Url } from '../../../content/values.ts'
import { type Context, sendPage } from '../../context.ts'
import { makeFolder } from '../../folder.ts'
import { type Field, form, mistakeText, type Values } from '../../forms.ts'
import { type Html, html } from '../../html.ts'
import { allowed } from '../../login.ts'
import { uploadAt, uploadFolder } from '../../uploads.ts'
import { hostPage } from '../host/frame.ts'
import { moment } from '../parts/dates.ts'
import { own } from '../parts/links.ts'
import type { Show } from '../reading/find.ts'
import { textIn, valuesIn } from '../writing/values.ts'

const PATH = '/host/import'
const SHOWN_MAX = 20

interface Typed {
  values?: Values
  mistakes?: Mistake[]
}

export const startPage: Show = async (context, req, res) => {
  allowed(res, 'write_outcome')
  await show(context, res, {}, 200, req.query.done)
}

async function show(
  context: Context,
  res: Response,
  { values = {}, mistakes = [] }: Typed,
  status = 200,
  done?: unknown,
): Promise<void> {
  const { words } = context
  const [typed] = mistakes
  const of = (name: string) => (typed?.field === name ? mistakes : [])
  const one = (field: Field) =>
    form(context, {
      action: PATH,
      fields: [field],
      values,
      mistakes: of(field.name),
      submit: words(`coming.${field.name}_go`),
    })
  const body = html`<p class="lead">${words('coming.said')}</p>
<h2>${words('coming.file')}</h2>${fileForm(context, of('file'))}
<h2>${words('coming.address')}</h2>${one({ name: 'address', label: words('coming.address_label'), hint: words('coming.address_hint'), kind: 'url', dir: 'ltr', required: true })}
<h2>${words('coming.text')}</h2>${one({ name: 'text', label: words('coming.text_label'), hint: words('coming.text_hint'), kind: 'area', dir: 'auto', required: true })}
${await importsList(context)}
<p><a href="/host/redirects">${words('coming.redirects')}</a></p>`
  const title = words('coming.title')
  sendPage(res, hostPage(context, { title, body, here: 'outcomes', done }), status)
}

/** The token stands before the file: it is looked at before the file is taken. */
function fileForm({ words, token }: Context, mistakes: Mistake[]): Html {
  const wrong = mistakes.map((each) => mistakeText(words, each)).join(' ')
  return html`<form method="post" action="${PATH}/file" enctype="multipart/form-data">
<input type="hidden" name="_token" value="${token}">
<div class="field"><label for="f-file">${words('coming.file_label')}</label><p class="hint" id="f-file-hint">${words('coming.file_hint')}</p>${
    wrong && html`<p class="error" id="f-file-error" role="alert">${wrong}</p>`
  }<input type="file" id="f-file" name="file" required accept=".xml,.rss,.atom,.html,.htm,.md,.txt" aria-describedby="f-file-hint${wrong && ' f-file-error'}"></div>
<p class="buttons"><button type="submit">${words('coming.file_go')}</button></p></form>`
}

async function importsList({ words, site }: Context): Promise<Html | false> {
  const found = await site.store.find('imports', { limit: SHOWN_MAX })
  if (found.length === 0) return false
  return html`<h2>${words('coming.jobs')}</h2><ul class="entries">${found.map(
    ({ id, name, at, state }) =>
      html`<li><a href="${PATH}/${id}">${own(name)}</a><p class="soft">${words(`coming.state.${state}`)} · ${moment(words, at)}</p></li>`,
  )}</ul>`
}

/** Begin from an address or a text. */
export const beginImport: Show = async (context, req, res) => {
  const by = allowed(res, 'write_outcome')
  const values = valuesIn(req)
  const name = 'text' in values ? 'text' : 'address'
  const typed = textIn(values, name)
  const wrong = typed === '' ? 'field.required' : name === 'address' ? wrongAddress(typed) : ''
  if (wrong)
    return show(context, res, { values, mistakes: [{ field: name, sentence: wrong }] }, 400)
  if (name === 'address') return begin(context, res, by, { from: 'address', name: typed })
  const id = randomUUID()
  makeFolder(uploadFolder(context.site))
  writeFileSync(uploadAt(context.site, id), typed, { mode: 0o600 })
  await begin(context, res, by, { id, from: 'file', name: `${context.words('coming.pasted')}.txt` })
}

const wrongAddress = (typed: string) => (Url.safeParse(typed).success ? '' : 'field.bad_url')

/** The file lies in its folder already, and is called as its import will be. */
export const beginFromFile: Show = async (context, req, res) => {
  const by = allowed(res, 'write_outcome')
  const { file } = req
  if (!file) {
    const mistakes = [{ field: 'file', sentence: 'field.required' }]
    return show(context, res, { mistakes }, 400)
  }
  const name = plainName(Buffer.from(file.originalname, 'latin1').toString('utf8')) || 'file'
  await begin(context, res, by, { id: file.filename, from: 'file', name })
}

async function begin(
  { site }: Context,
  res: Response,
  by: Person,
  from: Pick<ImportJob, 'from' | 'name'> & { id?: string },
): Promise<void> {
  const job: ImportJob = {
    id: randomUUID(),
    ...from,
    by: by.id,
    at: site.now(),
    state: 'reading',
    read: 0,
    drafts: false,
    open: false,
  }
  await site.store.commit({ put: { imports: [job] } })
  site.wake('import')
  res.redirect(303, `${PATH}/${job.id}`)
}
