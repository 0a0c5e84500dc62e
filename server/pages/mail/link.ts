/** Links from letters: a page with one button, so that a program that opens every link does nothing; and what the button needs. */
import type { Request, Response } from 'express'
import type { Mail, MailKind } from '../../../content/mailing.ts'
import { Refusal } from '../../../content/refusal.ts'
import { type Context, sendPage, word } from '../../context.ts'
import { button } from '../../forms.ts'
import { html, type Html } from '../../html.ts'
import { page } from '../../layout.ts'
import { isToken, type Purpose } from '../../mailing/links.ts'
import type { Mailing } from '../../mailing/mailing.ts'

const MINUTE_MS = 60_000
const DAY_MS = 24 * 60 * MINUTE_MS
const lasts: Partial<Record<MailKind, number>> = {
  follow: 3 * DAY_MS,
  join: 30 * MINUTE_MS,
  sign_in: 30 * MINUTE_MS,
  erase: 30 * MINUTE_MS,
}

/** The letter whose link was opened. Refusal `gone` for a link that is wrong, too old or used: always the same. */
export async function letterIn(
  { site, secret }: Mailing,
  req: Request,
  kinds: MailKind[],
): Promise<Mail> {
  const id = word(req, 'mail') ?? ''
  const mail = isToken(secret, 'letter', id, word(req, 'token') ?? '')
    ? await site.store.get('mails', id)
    : undefined
  const end = mail && Date.parse(mail.at) + (lasts[mail.kind] ?? 0)
  const good = mail && end && kinds.includes(mail.kind) && !mail.usedAt
  if (!good || Date.parse(site.now()) >= end) throw new Refusal('gone', 'mail.link')
  return mail
}

/** Whose standing link was opened. */
export function whoIn({ secret }: Mailing, req: Request, purpose: Purpose): string {
  const who = word(req, 'who') ?? ''
  if (!isToken(secret, purpose, who, word(req, 'token') ?? ''))
    throw new Refusal('gone', 'mail.link')
  return who
}

/** The words of a link, for the forms of its page. */
export const linkValues = (req: Request): Record<string, string> =>
  Object.fromEntries(
    ['mail', 'who', 'token'].flatMap((name) => {
      const value = word(req, name)
      return value ? [[name, value]] : []
    }),
  )

/** A page that says what the button will do. */
export function sendQuestion(
  context: Context,
  req: Request,
  res: Response,
  {
    title,
    said,
    action,
    submit,
  }: { title: string; said: Html | string; action: string; submit: string },
): void {
  const body = html`<h1>${title}</h1><p class="lead">${said}</p>${button(context, action, submit, linkValues(req))}`
  sendPage(res, page(context, { title, body }))
}

/** A page that says what came of it. */
export function sendSaid(context: Context, res: Response, title: string, said: string): void {
  const body = html`<h1>${title}</h1><p class="lead">${said}</p>`
  sendPage(res, page(context, { title, body }))
}
