/** Contributing from the page: a form sent to a discussion or an outcome, and the place of each contribution in its thread. */
import { randomUUID } from 'node:crypto'
import type { Request, Response } from 'express'
import { contribute, isOpen, type Under } from '../../../content/discussions.ts'
import type { Discussion, Outcome } from '../../../content/model.ts'
import type { Person } from '../../../content/parties.ts'
import { Refusal } from '../../../content/refusal.ts'
import { nameNow } from '../../../federation/former.ts'
import { contributionId, groupId, messageId } from '../../../federation/addresses.ts'
import { record } from '../../../federation/record.ts'
import type { Site } from '../../../federation/site.ts'
import { type Context, word } from '../../context.ts'
import { allowed } from '../../login.ts'
import { hostOf, slugOf } from '../parts/links.ts'
import { contributionKey } from '../parts/thread.ts'
import type { Typed } from './answer.ts'
import { showDiscussion } from './discussions.ts'
import { contributionsTo, itemOf, outcomeOf, type Show } from './find.ts'
import { showOutcome } from './outcome.ts'
import { threadPlace } from './threads.ts'
import { waitsFirst } from './waits.ts'

export const contributeToDiscussion: Show = async (context, req, res) => {
  const person = allowed(res, 'contribute')
  const { site } = context
  const discussion = await itemOf(site, 'discussion', req)
  const wrong = await written(context, req, res, { person, item: discussion })
  if (wrong) await showDiscussion(context, discussion, req, res, wrong)
}

export const contributeToOutcome: Show = async (context, req, res) => {
  const person = allowed(res, 'contribute')
  const outcome = await outcomeOf(context.site, req)
  const wrong = await written(context, req, res, { person, item: outcome })
  if (wrong) await showOutcome(context, outcome, req, res, wrong)
}

interface By {
  person: Person
  item: Discussion | Outcome
}

/** Record what was typed and lead to it; or answer what is wrong with it. */
async function written(
  { site }: Context,
  req: Request,
  res: Response,
  { person, item }: By,
): Promise<Typed | undefined> {
  const fields = typedFields(req)
  const held = await waitsFirst(site, person)
  const id = contributionId(site, randomUUID())
  const handle = `${slugOf(person.id)}@${hostOf(site.origin)}`
  try {
    const doing = contribute(
      id,
      fields,
      await placeOf(site, req, item),
      { id: nameNow(site, person.id), name: person.name, handle },
      { actor: groupId(site), at: site.now(), open: isOpen(item, site.now()), held },
    )
    const claimed = claims(person, fields)
    await record(site, { ...doing, put: { ...doing.put, people: claimed ? [claimed] : [] } })
  } catch (error) {
    if (error instanceof Refusal && error.mistakes.length > 0) {
      return { values: { ...fields }, mistakes: error.mistakes }
    }
    throw error
  }
  const place = { id, about: item.id, local: true }
  res.redirect(303, held ? '/me?done=held' : await threadPlace(site, place))
  return undefined
}

/** What they claimed this time stands in the form next time. */
function claims(person: Person, fields: ReturnType<typeof typedFields>): Person | undefined {
  const { stakeholderGroup, affiliation } = fields
  const same = person.stakeholderGroup === stakeholderGroup && person.affiliation === affiliation
  const { stakeholderGroup: _group, affiliation: _affiliation, ...kept } = person
  return same
    ? undefined
    : {
        ...kept,
        ...(stakeholderGroup ? { stakeholderGroup } : {}),
        ...(affiliation ? { affiliation } : {}),
      }
}

/** Fields left empty were not given. */
export function typedFields(req: Request) {
  const [stakeholderGroup, affiliation] = [word(req, 'stakeholderGroup'), word(req, 'affiliation')]
  return {
    text: word(req, 'text') ?? '',
    language: word(req, 'language') ?? '',
    ...(stakeholderGroup ? { stakeholderGroup } : {}),
    ...(affiliation ? { affiliation } : {}),
  }
}

/** What it answers: another contribution of the thread, one message of the outcome, or the item itself. */
async function placeOf(site: Site, req: Request, item: Discussion | Outcome): Promise<Under> {
  const { id: about, initiative } = item
  const to = word(req, 'to')
  const thread = to ? await contributionsTo(site, { about }) : []
  const parent = thread.find((each) => contributionKey(each) === to)
  const message = parent ? parent.message : await messageOf(site, item, word(req, 'message'))
  return {
    about,
    initiative,
    inReplyTo: parent?.id ?? message ?? about,
    ...(message ? { message } : {}),
    ...(item.type === 'outcome' ? { version: item.version } : {}),
  }
}

async function messageOf(
  site: Site,
  item: Discussion | Outcome,
  key: string | undefined,
): Promise<string | undefined> {
  if (item.type !== 'outcome' || !key) return undefined
  const message = await site.store.get('items', messageId(item.id, key))
  if (message?.type !== 'message') throw new Refusal('missing', 'page')
  return message.id
}
