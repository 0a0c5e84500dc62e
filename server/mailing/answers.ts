/** Who wrote here is told of an answer, and of what the drafters made of it: read from the log, each entry once. */
import type { Contribution } from '../../content/model.ts'
import type { Mail } from '../../content/mailing.ts'
import type { Entry } from '../../content/store.ts'
import { nameNow } from '../../federation/former.ts'
import { type Mailing, newMail } from './mailing.ts'

const NOTE = 'mail-log'
const AT_ONCE = 500

/** From where it was left, also after years; when e-mail is new here, from now on. */
export async function planAnswers(mailing: Mailing): Promise<void> {
  const { store } = mailing.site
  for (;;) {
    const note = await store.get('notes', NOTE)
    const last = await store.last('public')
    const after = note ? Number(note.value) : last
    const entries = note ? await store.log('public', after, AT_ONCE) : []
    if (note && entries.length === 0) return
    const mails = new Map<string, Mail>()
    for (const entry of entries) {
      const mail = await letterAbout(mailing, entry)
      if (mail && !(await store.get('mails', mail.id))) mails.set(mail.id, mail)
    }
    const value = String(entries.at(-1)?.seq ?? after)
    await store.commit({
      put: { mails: [...mails.values()], notes: [{ ...note, id: NOTE, value }] },
    })
  }
}

async function letterAbout(
  { site }: Mailing,
  { item: id, verb }: Entry,
): Promise<Mail | undefined> {
  const { store } = site
  const item = await store.get('items', id)
  if (item?.type !== 'contribution' || item.visibility !== 'shown') return undefined
  if (verb === 'Update' && !item.disposes) return undefined
  const parent = await store.get('items', item.inReplyTo)
  if (parent?.type !== 'contribution' || !parent.local || parent.author === item.author)
    return undefined
  const person = await store.get('people', nameNow(site, parent.author))
  if (!person || person.mails === false) return undefined
  const kind = item.disposes ? 'disposed' : 'answered'
  const values = { person: person.id }
  const { email: to, language } = person
  return newMail({ kind, to, language, about: id, values }, `${kind} ${nameOf(item)}`, site.now())
}

/** Each answer of the drafters is told, also one that replaces another. */
const nameOf = ({ id, disposes }: Contribution): string => (disposes ? `${id} ${disposes.at}` : id)
