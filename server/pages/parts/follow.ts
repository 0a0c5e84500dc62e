/** The one box that says how to follow something: from one's own server, in a feed reader, in a calendar. */
import { groupId } from '../../../federation/addresses.ts'
import type { Context } from '../../context.ts'
import { feedLinks } from '../../feeds.ts'
import { form } from '../../forms.ts'
import { type Html, html } from '../../html.ts'
import { followByMail } from './follow-by-mail.ts'

export interface Followed {
  /** The path its feeds stand below: `/discussions/budget/`. */
  feeds: string
  title: string
  /** The actor to follow, where it is not this server's own. */
  actor?: string
  /** The path of its calendar. */
  calendar?: string
  /** What is followed by e-mail: see followByMail. */
  mail?: string | undefined
  /** It is itself the actor, so that nothing needs to be said about what is followed. */
  whole?: boolean
}

const names: Record<string, string> = {
  'application/atom+xml': 'Atom',
  'application/rss+xml': 'RSS',
  'application/feed+json': 'JSON Feed',
}

export const followBox = (context: Context, followed: Followed): Html =>
  html`<details class="folded no-print" id="follow"${followed.whole && html` open`}><summary>${context.words('follow.title')}</summary>
${feedWays(context, followed)}
${followed.calendar !== undefined && html`<p>${context.words('follow.calendar')} <a href="${followed.calendar}">iCalendar</a></p>`}
${ownServer(context, followed)}
${followed.mail !== undefined && followByMail(context, followed.mail)}</details>`

const feedWays = ({ words }: Context, { feeds, title }: Followed): Html =>
  html`<p>${words('follow.feeds')} ${feedLinks(feeds, title).map(
    ({ href, type }, i) =>
      html`${i > 0 && ' · '}<a href="${href}" type="${type}">${names[type]}</a>`,
  )}</p>`

/** What can be followed from elsewhere is the initiative; what is not an actor is opened there to be answered. */
function ownServer(context: Context, { actor = groupId(context.site), whole }: Followed): Html {
  const { words } = context
  return html`<p>${words(whole ? 'follow.server' : 'follow.server_whole')}</p>
${form(context, {
  action: '/interact',
  prefix: 'follow-',
  fields: [
    { name: 'uri', label: '', kind: 'hidden' },
    {
      name: 'address',
      label: words('interact.address'),
      hint: words('follow.address_hint'),
      required: true,
      dir: 'ltr',
      autocomplete: 'off',
    },
  ],
  values: { uri: actor },
  submit: words('about.follow_go'),
})}`
}
