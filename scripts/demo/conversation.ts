/** Participants of one initiative answer another: real contributions between the demo's servers. */
import { contribute } from '../../content/discussions.ts'
import { contributionId, groupId } from '../../federation/addresses.ts'
import { record } from '../../federation/record.ts'
import { findActor } from '../../federation/discovery.ts'
import { fetchDocument } from '../../federation/documents.ts'
import { decide } from '../../content/moderation.ts'
import type { Site } from '../../federation/site.ts'
import { addPerson } from '../../server/people.ts'
import { account, type Place } from './places.ts'

interface Said {
  /** Whose participant says it, and on whose page. */
  from: string
  to: string
  name: string
  inReplyTo: string
  text: string
  language: string
  stakeholderGroup: string
  affiliation?: string
  /** Shown by the host; the others wait to be read. */
  approved: boolean
}

const said: Said[] = [
  {
    from: 'valley',
    to: 'coast',
    name: 'Aigerim Tulegen',
    inReplyTo: '/discussions/what-should-2027-be-about',
    text: 'Please take **grading by machine** to the coast. Our schools share the same two vendors.',
    language: 'en',
    stakeholderGroup: 'civil_society',
    approved: true,
  },
  {
    from: 'oases',
    to: 'coast',
    name: 'Salma Fawzi',
    inReplyTo: '/outcomes/data-for-fishing-communities',
    text: 'For desert guides it is the same: a position is personal data, and rescue is the only exception people accept.',
    language: 'en',
    stakeholderGroup: 'technical_community',
    affiliation: 'Oasis Networks',
    approved: false,
  },
  {
    from: 'coast',
    to: 'valley',
    name: 'Fatou Mendy',
    inReplyTo: '/discussions/grading-by-machine',
    text: 'I would, if I could read in one page why it gave me that mark, and a teacher could overrule it the same day.',
    language: 'en',
    stakeholderGroup: 'civil_society',
    approved: true,
  },
  {
    from: 'coast',
    to: 'oases',
    name: 'Baba Camara',
    inReplyTo: '/discussions/local-content',
    text: 'Les horaires des marées dans nos langues : nous les lisons sur un site dont personne ne connaît le propriétaire.',
    language: 'fr',
    stakeholderGroup: 'private_sector',
    approved: true,
  },
]

const WAIT_MS = 15_000
const LOOK_MS = 200

type InPlace = <T>(place: Place, act: (site: Site) => Promise<T>) => Promise<T>

/** Everything that is said, sent and, where the host approves, shown. */
export async function converse(
  places: Place[],
  inPlace: InPlace,
  originOf: (place: Place) => string,
): Promise<void> {
  const place = (name: string) => places.find((each) => each.name === name) as Place
  for (const each of said) {
    const target = originOf(place(each.to)) + each.inReplyTo
    const id = await inPlace(place(each.from), (site) => speak(site, each, target))
    await inPlace(place(each.to), (site) => approve(site, id, each.approved))
  }
}

async function speak(site: Site, each: Said, inReplyTo: string): Promise<string> {
  const email = `${each.name.split(' ')[0]?.toLowerCase() ?? ''}@demo.example`
  const { name, text, language, stakeholderGroup, affiliation } = each
  const id = contributionId(site, email.split('@')[0] ?? '')
  if (await site.store.get('items', id)) return id
  const person = await addPerson(site, {
    name,
    email,
    role: 'participant',
    language: 'en',
    password: account.password,
  })
  const host = new URL(site.origin).host
  const author = { id: person.id, name, handle: `${person.id.split('/').at(-1) ?? ''}@${host}` }
  const { attributedTo } = await fetchDocument(site, inReplyTo)
  await findActor(site, String(attributedTo))
  const under = { about: inReplyTo, inReplyTo, initiative: String(attributedTo) }
  const fields = { text, language, stakeholderGroup, ...(affiliation ? { affiliation } : {}) }
  await record(
    site,
    contribute(id, fields, under, author, { actor: groupId(site), at: site.now(), open: true }),
  )
  return id
}

async function approve(site: Site, id: string, approved: boolean): Promise<void> {
  for (let waited = 0; waited < WAIT_MS; waited += LOOK_MS) {
    const item = await site.store.get('items', id)
    if (item?.type === 'contribution') {
      const decision = { by: account.name, actor: groupId(site), at: site.now() }
      if (approved && item.visibility === 'held')
        await record(site, decide(item, 'shown', decision))
      return
    }
    await new Promise((done) => setTimeout(done, LOOK_MS))
  }
}
