/** A discussion as a form: a question, and from when until when it is open. */
import { writeDiscussion } from '../../../content/discussions.ts'
import type { Discussion } from '../../../content/model.ts'
import { localTime } from '../../../content/zones.ts'
import { discussionId } from '../../../federation/addresses.ts'
import type { Context } from '../../context.ts'
import type { Field, Values } from '../../forms.ts'
import { html, safe } from '../../html.ts'
import { direction } from '../../words.ts'
import { timeLeft } from '../parts/stages.ts'
import { tagList } from '../parts/tags.ts'
import {
  languagesFor,
  localizedFields,
  meetingField,
  meetingsHere,
  notAmong,
  timeField,
} from './common-fields.ts'
import type { Kind, ReadItem } from './items.ts'
import { textFields } from './meeting-form.ts'
import { readTags, tagFields, taggedValues } from './tag-fields.ts'
import { asFields, given, localizedIn, textIn, timeIn } from './values.ts'

export const discussionKind: Kind<Discussion> = {
  type: 'discussion',
  folder: 'discussions',
  here: 'discussions',
  verb: 'write_discussion',
  idOf: discussionId,
  fresh: async ({ profile, words }) => ({ language: profile?.languages[0] ?? words.language }),
  fields,
  values,
  read,
  write: writeDiscussion,
  preview: ({ words, site }, item) => html`<p class="note">${timeLeft(words, item, site.now())}</p>
<div class="words" lang="${item.language}" dir="${direction(item.language)}">${safe(item.html)}</div>
${tagList(words, item.tags)}`,
}

async function fields(context: Context, typed: Values): Promise<Field[]> {
  const { words } = context
  const languages = languagesFor(context, typed, 'title')
  const hint = words('writing.zone_hint', { zone: 'UTC' })
  return [
    ...localizedFields(context, 'title', languages, true),
    ...textFields(context, typed, languages, true),
    timeField(words, typed, { name: 'opensAt', timeZone: 'UTC', hint }),
    timeField(words, typed, { name: 'closesAt', timeZone: 'UTC', hint }),
    meetingField(context, await meetingsHere(context)),
    ...tagFields(words),
  ]
}

const written = (at: string | undefined): string => (at ? localTime(at, 'UTC') : '')

function values({ title, text, language, opensAt, closesAt, meeting, tags }: Discussion): Values {
  return {
    ...asFields('title', title),
    text,
    language,
    opensAt: written(opensAt),
    closesAt: written(closesAt),
    meeting: meeting ?? '',
    ...taggedValues(tags),
  }
}

async function read(context: Context, typed: Values): Promise<ReadItem> {
  const [opens, closes] = [timeIn(typed, 'opensAt', 'UTC'), timeIn(typed, 'closesAt', 'UTC')]
  const { tags, mistakes } = readTags(typed)
  const meetings = await meetingsHere(context)
  const input = {
    language: textIn(typed, 'language'),
    title: localizedIn(typed, 'title'),
    text: textIn(typed, 'text'),
    ...given(typed, 'meeting'),
    ...(opens.at ? { opensAt: opens.at } : {}),
    ...(closes.at ? { closesAt: closes.at } : {}),
    tags,
  }
  const elsewhere = notAmong(
    typed,
    'meeting',
    meetings.map(({ id }) => id),
  )
  return { input, mistakes: [...opens.mistakes, ...closes.mistakes, ...elsewhere, ...mistakes] }
}
