/** What somebody sees when something is refused, missing or broken: a page for people, Problem Details for machines. */
import type { ErrorRequestHandler, Request, RequestHandler, Response } from 'express'
import { Refusal, status } from '../content/refusal.ts'
import type { Log } from '../federation/site.ts'
import type { Context } from './context.ts'
import { sendPage } from './context.ts'
import { html } from './html.ts'
import { page } from './layout.ts'
import { mistakeText } from './forms.ts'
import { refusalText } from './refusals.ts'
import { loggedPath } from './requests.ts'
import { wordsFor } from './words.ts'

/** No route has answered. */
export const nothingHere: RequestHandler = () => {
  throw new Refusal('missing', 'page')
}

/** Ours (`Refusal`), express's own (a status between 400 and 499), or a defect: that one is logged. */
export const onError: ErrorRequestHandler = (error: unknown, req, res, _next) => {
  const refusal = refusalOf(error)
  const context = res.locals.context as Context | undefined
  if (!refusal) report(error, req, res)
  if (res.headersSent) return void res.end()
  const code = refusal ? status[refusal.reason] : 500
  if (refusal?.reason === 'unauthorized' && context && wantsPage(req)) {
    return res.redirect(303, `/login?next=${encodeURIComponent(req.originalUrl)}`)
  }
  if (refusal?.values.retryAfter) res.set('retry-after', String(refusal.values.retryAfter))
  if (context && wantsPage(req)) return errorPage(res, context, refusal, code)
  problem(res, refusal, code)
}

const wantsPage = (req: Request) =>
  !/\.(json|csv|atom|xml)$/.test(req.path) &&
  req.accepts([
    'application/activity+json',
    'application/ld+json',
    'application/json',
    'text/html',
  ]) === 'text/html'

function report(error: unknown, { method, path }: Request, res: Response): void {
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error)
  const log = res.locals.log as Log | undefined
  log?.error('defect', { method, path: loggedPath(path), why: text })
}

/** What body-parser and express throw carries a status of its own. */
function refusalOf(error: unknown): Refusal | undefined {
  if (error instanceof Refusal) return error
  const code = error instanceof Error ? Reflect.get(error, 'status') : undefined
  if (code === 413) return new Refusal('too_large', 'too_large')
  if (code === 415) return new Refusal('unsupported', 'unsupported')
  if (typeof code === 'number' && code >= 400 && code < 500)
    return new Refusal('invalid', 'request')
  return undefined
}

/** RFC 9457. The sentence is in English: its reader is a program's author. */
function problem(res: Response, refusal: Refusal | undefined, code: number): void {
  const words = wordsFor('en')
  const title = refusal ? refusalText(words, refusal) : words('error.defect')
  const errors = refusal?.mistakes.map((mistake) => ({
    field: mistake.field,
    detail: mistakeText(words, mistake),
  }))
  const body = {
    type: `https://w3id.org/tributary/problems#${refusal?.sentence ?? 'defect'}`,
    title,
    status: code,
    ...(errors?.length ? { errors } : {}),
  }
  res.status(code).type('application/problem+json').send(JSON.stringify(body))
}

function errorPage(
  res: Response,
  context: Context,
  refusal: Refusal | undefined,
  code: number,
): void {
  const { words } = context
  const known = words.has(`error.${code}.title`) ? code : 400
  const title = words(refusal ? `error.${known}.title` : 'error.500.title')
  const said = refusal ? refusalText(words, refusal) : words('error.defect')
  const body = html`<h1>${title}</h1>
<p>${said}</p>
${
  refusal &&
  refusal.mistakes.length > 0 &&
  html`<ul>${refusal.mistakes.map((mistake) => html`<li>${mistake.field}: ${mistakeText(words, mistake)}</li>`)}</ul>`
}
<p>${words(code === 500 ? 'error.nothing_changed_maybe' : 'error.where_next')}</p>
<ul class="plain"><li><a href="/">${words('error.front')}</a></li><li><a href="/search">${words('layout.search')}</a></li></ul>`
  sendPage(res, page(context, { title, body }), code)
}
