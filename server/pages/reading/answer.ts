/** The two ways to answer: here, for whoever is signed in, and from one's own fediverse account. */
import type { Request } from 'express'
import type { Contribution } from '../../../content/model.ts'
import type { Mistake } from '../../../content/refusal.ts'
import { may } from '../../../content/rights.ts'
import { languageName } from '../../../content/countries.ts'
import { hashtagOf, terms } from '../../../content/vocabulary.ts'
import { type Context, word } from '../../context.ts'
import { type Field, form, type Values } from '../../forms.ts'
import { type Html, html } from '../../html.ts'
import { hostOf, own } from '../parts/links.ts'
import { contributionKey } from '../parts/thread.ts'

/** A form that came back with mistakes. */
export interface Typed {
  values: Values
  mistakes: Mistake[]
}

interface Answered {
  /** The id of what is answered: an outcome, a message, a discussion. */
  about: string
  /** Where the form is sent. */
  path: string
  open: boolean
  /** It lives on another server. */
  elsewhere?: boolean
  contributions: Contribution[]
  /** The key of the message that is answered. */
  message?: string
  typed?: Typed
}

export const answerSections = (context: Context, req: Request, answered: Answered): Html =>
  html`${answered.elsewhere ? answerThere(context, answered) : answerHere(context, req, answered)}${answerFromElsewhere(context, answered.about)}`

/** What lives elsewhere is answered there. */
const answerThere = ({ words }: Context, { about }: Answered): Html =>
  html`<section id="answer" class="no-print"><h2>${words('answer.title')}</h2>
<p>${words('origin.answer')} <a href="${about}#answer">${words.rich('origin.answer_at', { host: own(hostOf(about)) })}</a></p></section>`

function answerHere(context: Context, req: Request, answered: Answered): Html {
  const { words, person } = context
  const { open, typed, contributions } = answered
  const to = word(req, 'to')
  const parent = contributions.find((each) => contributionKey(each) === to)
  const inside = !open
    ? html`<p>${words('answer.closed')}</p>`
    : may(person, 'contribute')
      ? html`${parent && html`<p>${words.rich('thread.answers', { name: own(parent.authorName) })}</p>`}${form(
          context,
          {
            action: answered.path,
            fields: contributionFields(context),
            values: { ...starting(context, answered, parent), ...typed?.values },
            mistakes: typed?.mistakes ?? [],
            submit: words('answer.submit'),
          },
        )}`
      : html`<p><a class="button second" href="/login?next=${encodeURIComponent(`${answered.path}#answer`)}">${words('answer.sign_in')}</a> <a class="button second" href="/join?next=${encodeURIComponent(`${answered.path}#answer`)}">${words('join.title')}</a></p>`
  return html`<section id="answer" class="no-print"><h2>${words('answer.title')}</h2>
<p class="soft"><a href="/conduct">${words('conduct.title')}</a></p>${inside}</section>`
}

const starting = (
  { words, person }: Context,
  { message }: Answered,
  parent: Contribution | undefined,
): Values => ({
  language: words.language,
  stakeholderGroup: person?.stakeholderGroup,
  affiliation: person?.affiliation,
  ...(message ? { message } : {}),
  ...(parent ? { to: contributionKey(parent) } : {}),
})

/** What a contribution is made of, as everybody is asked for it. */
export function contributionFields({ words, profile }: Context): Field[] {
  const groups = terms('stakeholder-groups')
  const languages = new Set([words.language, ...(profile?.languages ?? [])])
  return [
    {
      name: 'text',
      label: words('answer.text'),
      hint: words('answer.text_hint'),
      kind: 'area',
      required: true,
      dir: 'auto',
    },
    {
      name: 'stakeholderGroup',
      label: words('answer.group'),
      hint: words('answer.group_hint'),
      kind: 'select',
      options: [
        { value: '', label: words('answer.no_group') },
        ...groups.map(({ slug, labels }) => ({
          value: slug,
          label: labels[words.language] ?? labels.en ?? slug,
        })),
      ],
    },
    { name: 'affiliation', label: words('answer.affiliation'), dir: 'auto' },
    {
      name: 'language',
      label: words('answer.language'),
      kind: 'select',
      required: true,
      options: [...languages].map((value) => ({
        value,
        label: languageName(value, words.language),
      })),
    },
    { name: 'message', label: '', kind: 'hidden' },
    { name: 'to', label: '', kind: 'hidden' },
  ]
}

/** The address to paste in the search of one's own server, or the way there by one's own address. */
export function answerFromElsewhere(context: Context, id: string): Html {
  const { words } = context
  return html`<section id="fediverse" class="no-print"><h2>${words('interact.title')}</h2>
<details><summary>${words('interact.summary')}</summary>
<p>${words('interact.paste')}</p>
<p class="note code"><bdi>${id}</bdi></p>
<p>${words('interact.or')} ${words('interact.item_said')}</p>
${interactForm(context, id, words('interact.go'))}
<p>${words('interact.claim')} ${terms('stakeholder-groups').map(({ slug }) => html`<bdi dir="ltr">${hashtagOf('stakeholder-groups', slug)}</bdi> `)}</p></details></section>`
}

/** Takes somebody to their own server, with an item (or an actor to follow) opened there. */
export const interactForm = (
  context: Context,
  uri: string,
  submit: string,
  typed: Typed = { values: {}, mistakes: [] },
): Html =>
  form(context, {
    action: '/interact',
    fields: [
      { name: 'uri', label: '', kind: 'hidden' },
      {
        name: 'address',
        label: context.words('interact.address'),
        hint: context.words('interact.address_hint'),
        required: true,
        dir: 'ltr',
        autocomplete: 'off',
      },
    ],
    values: { uri, ...typed.values },
    mistakes: typed.mistakes,
    submit,
  })
