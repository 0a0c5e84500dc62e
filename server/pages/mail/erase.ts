/** Taking along all that is held about oneself, and having it erased, confirmed by a link in a letter. */
import { everyName } from '../../../federation/former.ts'
import { groupId } from '../../../federation/addresses.ts'
import type { Mail } from '../../../content/mailing.ts'
import { Refusal } from '../../../content/refusal.ts'
import { sendPage, word } from '../../context.ts'
import { form } from '../../forms.ts'
import { html } from '../../html.ts'
import { page } from '../../layout.ts'
import { signedIn, signOut } from '../../login.ts'
import { addressKey } from '../../mailing/links.ts'
import { askForLetter, type Mailing } from '../../mailing/mailing.ts'
import { type Choice, erasePerson, keptFor } from '../../mailing/erasure.ts'
import { lettersTo } from '../../mailing/subscribers.ts'
import type { Show } from '../reading/find.ts'
import { letterIn, sendQuestion, sendSaid } from './link.ts'

/** So many contributions and acts are taken along. */
const EXPORTED_MAX = 1000

export const exportOwn =
  (mailing: Mailing): Show =>
  async ({ site }, _req, res) => {
    const { password: _password, ...person } = signedIn(res)
    const { store } = site
    const id = addressKey(mailing.secret, person.email)
    const limit = EXPORTED_MAX
    const [contributions, acts, subscriber, letters, bounce, keys, kept] = await Promise.all([
      store.find('items', {
        where: { type: 'contribution', author: everyName(site, person.id) },
        limit,
      }),
      store.find('acts', { where: { by: person.id }, limit }),
      store.get('subscribers', id),
      lettersTo(mailing, person.email),
      store.get('bounces', id),
      store.find('keys', { where: { owner: everyName(site, person.id) }, limit }),
      keptFor(site, person.id),
    ])
    const publicKeys = keys.map(({ privatePem: _private, ...key }) => key)
    const all = { person, contributions, acts, subscriber, letters, bounce, publicKeys, ...kept }
    res.attachment('my-data.json').json(all)
  }

const choices: Choice[] = ['delete', 'unname']

export const erasePage: Show = async (context, _req, res) => {
  const { words, mails } = context
  const person = signedIn(res)
  const title = words('own.erase')
  const body = html`<h1>${title}</h1><p class="lead">${words('erase.said')}</p>
<h2>${words('erase.remains')}</h2><p>${words('erase.remains_said')}</p>
${
  person.role !== 'participant'
    ? html`<p class="note">${words('erase.role')}</p>`
    : mails
      ? form(context, {
          action: '/me/erase',
          fields: [
            {
              name: 'choice',
              label: words('erase.choice'),
              kind: 'radios',
              required: true,
              options: choices.map((value) => ({ value, label: words(`erase.${value}`) })),
            },
          ],
          values: { choice: 'delete' },
          submit: words('erase.ask'),
        })
      : html`<p class="note">${words('erase.no_mail')}</p>`
}`
  sendPage(res, page(context, { title, body }))
}

export const startErasure =
  (mailing: Mailing): Show =>
  async (context, req, res) => {
    const { email: to, language, id: about, role } = signedIn(res)
    if (role !== 'participant') throw new Refusal('conflict', 'erase.role')
    const choice = word(req, 'choice') === 'unname' ? 'unname' : 'delete'
    await askForLetter(mailing, { kind: 'erase', to, language, about, values: { choice } })
    sendSaid(context, res, context.words('own.erase'), context.words('erase.look'))
  }

const choiceIn = ({ values }: Mail): Choice => (values.choice === 'unname' ? 'unname' : 'delete')

export const confirmErasurePage =
  (mailing: Mailing): Show =>
  async (context, req, res) => {
    const { words } = context
    const mail = await letterIn(mailing, req, ['erase'])
    const title = words('own.erase')
    const said = `${words('erase.said')} ${words(`erase.${choiceIn(mail)}`)}`
    sendQuestion(context, req, res, { title, said, action: '/me/erase/confirm', submit: title })
  }

export const confirmErasure =
  (mailing: Mailing): Show =>
  async (context, req, res) => {
    const mail = await letterIn(mailing, req, ['erase'])
    const person = await context.site.store.get('people', mail.about)
    if (person && person.role !== 'participant') throw new Refusal('conflict', 'erase.role')
    const name = context.words('erase.nobody')
    if (person)
      await erasePerson(mailing, person, choiceIn(mail), { name, actor: groupId(mailing.site) })
    await signOut(res)
    sendSaid(context, res, context.words('own.erase'), context.words('erase.done'))
  }
