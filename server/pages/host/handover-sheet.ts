/** What the next team gets, to be printed: what the node holds, what is open and until when, how it is set up, what is left to do. */
import type { Item } from '../../../content/model.ts'
import { groupId } from '../../../federation/addresses.ts'
import { backupFolder, lastBackup } from '../../backups.ts'
import { settingsOf } from '../../config.ts'
import { type Context, sendPage } from '../../context.ts'
import { type Html, html } from '../../html.ts'
import { keysHeld } from '../../keyring.ts'
import { allowed } from '../../login.ts'
import { richPair } from '../../marks.ts'
import { isWanted, waitingFor } from '../../second-person.ts'
import { day, moment } from '../parts/dates.ts'
import { localized } from '../parts/entries.ts'
import { own, slugOf } from '../parts/links.ts'
import type { Show } from '../reading/find.ts'
import { hostPage } from './frame.ts'
import { leftToDo } from './handover-left.ts'
import { staffOf } from './handover-plan.ts'
import { stepWords } from './second.ts'

const LISTED_MAX = 100
const types = ['meeting', 'session', 'discussion', 'outcome', 'message', 'contribution'] as const
/** Working copies that are on their way to being published. */
const unfinished = ['draft', 'presented', 'open_for_comment', 'revised', 'agreed']

export const handoverSheet: Show = async (context, _req, res) => {
  const person = allowed(res, 'manage_people')
  const { words, site } = context
  const title = words('handover.sheet')
  const waiting = await waitingFor(site, person)
  const steps = await Promise.all(waiting.map((pending) => stepWords(context, pending)))
  const body = html`<p class="lead">${words('handover.sheet_said')}</p>
<p>${moment(words, site.now())}</p>
<h2>${words('handover.set_up')}</h2>${await setUp(context)}
<h2>${words('host.nav.people')}</h2>${await people(context)}
<h2>${words('handover.holds')}</h2>${await holds(context)}
<h2>${words('handover.deadlines')}</h2>${lines(words, await deadlines(context))}
<h2>${words('handover.drafts')}</h2>${lines(words, await drafts(context))}
${steps.length > 0 && html`<h2>${words('second.waiting')}</h2>${lines(words, steps)}`}
<h2>${words('handover.left')}</h2>${await leftToDo(context, [])}`
  sendPage(res, hostPage(context, { title, body, here: 'people' }))
}

const lines = (words: Context['words'], all: Html[]): Html =>
  all.length > 0
    ? html`<ul>${all.map((each) => html`<li>${each}</li>`)}</ul>`
    : html`<p>${words('handover.none')}</p>`

async function setUp(context: Context): Promise<Html> {
  const { words, site, profile } = context
  const { data, mail, backups = 0, role } = settingsOf(site)
  const [at, two, keys] = await Promise.all([lastBackup(site), isWanted(site), keysHeld(site)])
  const current = keys.find(
    ({ owner, until, kind }) => owner === groupId(site) && !until && kind === 'ed25519',
  )
  const facts: [string, Html | string | false][] = [
    [words('people.name'), profile ? localized(words, profile.name) : false],
    [words('facts.address'), own(site.origin)],
    ['TRIBUTARY_ROLE', own(role)],
    ['TRIBUTARY_DATA', own(data)],
    [words('host.nav.mail'), mail ? own(mail.from) : words('handover.left.no_mail')],
    [
      words('backup.title'),
      html`${own(backupFolder(data))}<br>${backups > 0 ? words('backup.kept', { count: backups }) : words('backup.off')}<br>${at ? words.rich('backup.last', { moment: moment(words, at) }) : words('backup.never')}`,
    ],
    [words('second.title'), words(two ? 'second.is_on' : 'second.is_off')],
    [
      words('keys.title'),
      current ? words.rich('keys.current', { from: moment(words, current.from) }) : false,
    ],
  ]
  return html`<dl class="facts">${facts.map(([name, value]) => value && html`<dt>${name}</dt><dd>${value}</dd>`)}</dl>`
}

async function people(context: Context): Promise<Html> {
  const { words, site } = context
  const staff = await staffOf(site)
  const count = await site.store.count('people', { where: { role: 'participant' } })
  const said = staff.map(({ name, email, role, ends }) => {
    const sentence = ends?.waits ? 'handover.overdue' : 'handover.until'
    const until = ends && html` · ${words(sentence, { name, day: words.day(ends.at) })}`
    return html`${own(name)} · ${words(`role.${role}`)} · ${own(email)}${until}`
  })
  return lines(words, [...said, html`${words('handover.participants', { count })}`])
}

async function holds({ words, site }: Context): Promise<Html> {
  const local = (type: string) => site.store.count('items', { where: { type, local: 'true' } })
  const [counts, followers, peers] = await Promise.all([
    Promise.all(types.map(local)),
    site.store.count('followers', { where: { object: groupId(site) } }),
    site.store.count('peers', {}),
  ])
  const rows = [
    ...types.map((type, i) => [words(`handover.count.${type}`), counts[i] ?? 0] as const),
    [words('handover.count.followers'), followers] as const,
    [words('host.nav.peers'), peers] as const,
  ]
  return html`<dl class="facts">${rows.map(([name, count]) => html`<dt>${name}</dt><dd>${words.number(count)}</dd>`)}</dl>`
}

interface Deadline {
  at: string
  what: Html
}

/** What ends or begins by itself, the first to come first. */
async function deadlines({ words, site }: Context): Promise<Html[]> {
  const now = site.now()
  const { store } = site
  const local = (type: string) => ({ where: { type, local: 'true' }, limit: LISTED_MAX })
  const [open, meetings, discussions, calls] = await Promise.all([
    store.find('items', {
      where: { type: 'outcome', local: 'true', state: 'open_for_comment' },
      limit: LISTED_MAX,
    }),
    store.find('items', { ...local('meeting'), since: now }),
    store.find('items', local('discussion')),
    store.find('calls', { since: now, limit: LISTED_MAX }),
  ])
  const items = [...open, ...meetings, ...discussions].flatMap((item) => deadlineOf(words, item))
  const ending = calls.map(({ id, title, closesAt }) => ({
    at: closesAt,
    what: richPair(
      words,
      words('handover.call'),
      html`<a href="/host/calls/${slugOf(id)}">${localized(words, title)}</a>`,
    ),
  }))
  return [...items, ...ending]
    .filter(({ at }) => at > now)
    .toSorted((a, b) => a.at.localeCompare(b.at))
    .map(({ at, what }) => html`${day(words, at)} · ${what}`)
}

function deadlineOf(words: Context['words'], item: Item): Deadline[] {
  if (item.type === 'meeting') return [{ at: item.startsAt, what: said(words, 'meeting', item) }]
  if (item.type === 'discussion' && item.closesAt)
    return [{ at: item.closesAt, what: said(words, 'discussion', item) }]
  if (item.type === 'outcome' && item.comment)
    return [{ at: item.comment.closesAt, what: said(words, 'comment', item) }]
  return []
}

const said = (
  words: Context['words'],
  kind: 'meeting' | 'discussion' | 'comment',
  { id, title }: { id: string; title: Record<string, string> },
): Html =>
  richPair(
    words,
    words(`handover.${kind}`),
    html`<a href="${new URL(id).pathname}">${localized(words, title)}</a>`,
  )

async function drafts({ words, site }: Context): Promise<Html[]> {
  const found = await site.store.find('drafts', { where: { state: unfinished }, limit: LISTED_MAX })
  return found.map(
    ({ id, state, texts, language, updated }) =>
      html`<a href="/host/outcomes/${slugOf(id)}">${own(texts[language]?.title ?? slugOf(id))}</a> · ${words(`state.${state}`)} · ${day(words, updated)}`,
  )
}
