/** A meeting as a form. Its times are typed as clocks show them where it is. */
import { writeMeeting } from '../../../content/meetings.ts'
import type { Meeting } from '../../../content/model.ts'
import { linesOf } from '../../../content/typed-lists.ts'
import { isTimeZone } from '../../../content/values.ts'
import { localTime } from '../../../content/zones.ts'
import { meetingId } from '../../../federation/addresses.ts'
import type { Site } from '../../../federation/site.ts'
import type { Context } from '../../context.ts'
import type { Field, Values } from '../../forms.ts'
import { html, safe } from '../../html.ts'
import { direction } from '../../words.ts'
import { tagList } from '../parts/tags.ts'
import { meetingFacts } from '../reading/meetings.ts'
import {
  languageOptions,
  languagesFor,
  localizedFields,
  marked,
  meetingsHere,
  timeField,
} from './common-fields.ts'
import { figureFields, figureValues, readFigures } from './figures.ts'
import type { Item, Kind, ReadItem } from './items.ts'
import { readTags, tagFields, taggedValues } from './tag-fields.ts'
import { asFields, given, localizedIn, numberGiven, textIn, timeIn } from './values.ts'

const SESSIONS_MAX = 1000
const TEXT_ROWS = 10
const HUBS_ROWS = 3
const modes: Meeting['mode'][] = ['onsite', 'online', 'hybrid']

export const meetingKind: Kind<Meeting> = {
  type: 'meeting',
  folder: 'meetings',
  here: 'meetings',
  verb: 'write_meeting',
  idOf: meetingId,
  fresh,
  fields,
  values,
  read,
  write: writeMeeting,
  preview: ({ words }, meeting) => html`${meetingFacts(words, meeting)}
<div class="words" lang="${meeting.language}" dir="${direction(meeting.language)}">${safe(meeting.html)}</div>
${tagList(words, meeting.tags)}`,
  below: sessionsOf,
}

/** All its sessions that readers see. */
export async function sessionsOf(
  { store }: Site,
  { id }: { id: string },
  limit = SESSIONS_MAX,
): Promise<Item[]> {
  const where = { type: 'session', meeting: id, visibility: 'shown', local: 'true' }
  const found = await store.find('items', { where, order: 'oldest', limit })
  return found.filter((item) => item.type === 'session')
}

/** A new meeting begins in the year and the zone of the last one. */
async function fresh(context: Context): Promise<Values> {
  const [last] = await meetingsHere(context)
  return {
    language: context.profile?.languages[0] ?? context.words.language,
    year: context.site.now().slice(0, 4),
    timeZone: last?.timeZone ?? 'UTC',
    mode: 'onsite',
  }
}

/** The zone that was typed, or UTC until it is one. */
const zoneIn = (typed: Values): string => {
  const zone = textIn(typed, 'timeZone')
  return isTimeZone(zone) ? zone : 'UTC'
}

async function fields(context: Context, typed: Values): Promise<Field[]> {
  const { words } = context
  const languages = languagesFor(context, typed, 'title', 'theme')
  const timeZone = zoneIn(typed)
  return [
    ...localizedFields(context, 'title', languages, true),
    ...localizedFields(context, 'theme', languages, false),
    { name: 'year', label: words('writing.year'), kind: 'number', required: true, dir: 'ltr' },
    { name: 'ordinal', label: words('writing.ordinal'), kind: 'number', dir: 'ltr' },
    {
      name: 'timeZone',
      label: words('writing.timeZone'),
      hint: words('writing.timeZone_hint'),
      required: true,
      dir: 'ltr',
      after: html`<details><summary>${words('writing.zones')}</summary><p class="soft code" dir="ltr">${Intl.supportedValuesOf('timeZone').join(' ')}</p></details>`,
    },
    timeField(
      words,
      typed,
      { name: 'startsAt', timeZone, hint: words('writing.local_hint') },
      true,
    ),
    timeField(words, typed, { name: 'endsAt', timeZone, hint: words('writing.local_hint') }, true),
    {
      name: 'mode',
      label: words('writing.mode'),
      kind: 'radios',
      required: true,
      options: modes.map((value) => ({ value, label: words(`meeting.mode.${value}`) })),
    },
    { name: 'place', label: words('meeting.where'), dir: 'auto' },
    { name: 'onlineUrl', label: words('meeting.online'), kind: 'url', dir: 'ltr' },
    {
      name: 'hubs',
      label: words('meeting.hubs'),
      hint: words('writing.hubs_hint'),
      kind: 'area',
      rows: HUBS_ROWS,
      dir: 'auto',
    },
    ...figureFields(context),
    ...textFields(context, typed, languages),
    ...tagFields(words),
  ]
}

/** The text of an item, and the language it is in. */
export const textFields = (
  { words }: Context,
  typed: Values,
  languages: string[],
  required = false,
): Field[] => [
  {
    name: 'text',
    label: words('writing.text'),
    hint: words('writing.markdown_hint'),
    kind: 'area',
    rows: TEXT_ROWS,
    ...(required ? { required } : {}),
    ...marked(textIn(typed, 'language') || 'und'),
  },
  {
    name: 'language',
    label: words('writing.language'),
    kind: 'select',
    required: true,
    options: languageOptions(words, languages),
  },
]

function values(meeting: Meeting): Values {
  const { title, theme, startsAt, endsAt, timeZone, participation, ordinal } = meeting
  const figure = (value: number | undefined) => (value === undefined ? '' : String(value))
  return {
    ...asFields('title', title),
    ...asFields('theme', theme),
    year: String(meeting.year),
    ordinal: figure(ordinal),
    timeZone,
    startsAt: localTime(startsAt, timeZone),
    endsAt: localTime(endsAt, timeZone),
    mode: meeting.mode,
    place: meeting.place ?? '',
    onlineUrl: meeting.onlineUrl ?? '',
    hubs: (meeting.hubs ?? []).join('\n'),
    ...figureValues(participation),
    text: meeting.text,
    language: meeting.language,
    ...taggedValues(meeting.tags),
  }
}

/** Names of places may have commas in them: one stands on each line. */
function hubsIn(typed: Values): { hubs?: string[] } {
  const hubs = linesOf(textIn(typed, 'hubs')).map(({ line }) => line)
  return hubs.length > 0 ? { hubs } : {}
}

async function read(_context: Context, typed: Values): Promise<ReadItem> {
  const zone = zoneIn(typed)
  const [starts, ends] = [
    timeIn(typed, 'startsAt', zone, true),
    timeIn(typed, 'endsAt', zone, true),
  ]
  const { tags, mistakes } = readTags(typed)
  const { figures, mistakes: wrong } = readFigures(typed)
  const input = {
    language: textIn(typed, 'language'),
    ...numberGiven(typed, 'year', 'year'),
    ...numberGiven(typed, 'ordinal', 'ordinal'),
    title: localizedIn(typed, 'title'),
    theme: localizedIn(typed, 'theme'),
    startsAt: starts.at,
    endsAt: ends.at,
    timeZone: textIn(typed, 'timeZone'),
    mode: textIn(typed, 'mode'),
    ...given(typed, 'place'),
    ...given(typed, 'onlineUrl'),
    ...hubsIn(typed),
    participation: figures,
    text: textIn(typed, 'text'),
    tags,
  }
  return { input, mistakes: [...starts.mistakes, ...ends.mistakes, ...wrong, ...mistakes] }
}
