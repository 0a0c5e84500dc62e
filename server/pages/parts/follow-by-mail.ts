/** The part of a page that offers to follow something by e-mail. */
import { Period } from '../../../content/mailing.ts'
import type { Mistake } from '../../../content/refusal.ts'
import type { Context } from '../../context.ts'
import { form, type Values } from '../../forms.ts'
import { type Html, html } from '../../html.ts'

/** Where the form is sent. */
export const FOLLOW_BY_MAIL = '/follow/mail'

/** `what` is the id of an item or of the initiative, or `theme:<list>/<slug>`. Where no e-mail is sent, it says so and what works instead. */
export function followByMail(context: Context, what: string): Html {
  const { words, mails } = context
  return html`<p><b>${words('bymail.title')}</b></p>${
    mails ? followForm(context, { what }) : html`<p>${words('bymail.none')}</p>`
  }`
}

/** The form itself, with what was typed before. */
export function followForm(context: Context, values: Values, mistakes: Mistake[] = []): Html {
  const { words } = context
  return form(context, {
    action: FOLLOW_BY_MAIL,
    prefix: 'mail-',
    fields: [
      {
        name: 'email',
        label: words('people.email'),
        hint: words('bymail.hint'),
        kind: 'email',
        required: true,
        autocomplete: 'email',
        dir: 'ltr',
      },
      {
        name: 'period',
        label: words('bymail.period'),
        kind: 'select',
        required: true,
        options: Period.options.map((value) => ({ value, label: words(`bymail.${value}`) })),
      },
      { name: 'what', label: '', kind: 'hidden' },
    ],
    values: { period: 'daily', ...values },
    mistakes,
    submit: words('bymail.submit'),
  })
}
