/** A report sent on to the server somebody wrote from: as a Flag of this server, that names no reporter. */
import { act } from '../../../content/moderation.ts'
import type { Person } from '../../../content/parties.ts'
import { Refusal } from '../../../content/refusal.ts'
import { serverId } from '../../../federation/addresses.ts'
import { findActor } from '../../../federation/discovery.ts'
import { asPeer } from '../../../federation/peers.ts'
import { record } from '../../../federation/record.ts'
import type { Site } from '../../../federation/site.ts'

/** What the moderator says goes with it; what reporters said stays here. */
export async function forward(site: Site, person: Person, id: string, said: string): Promise<void> {
  const item = await site.store.get('items', id)
  if (item?.type !== 'contribution' || item.local) throw new Refusal('missing', 'page')
  const author = await findActor(site, item.author)
  const letter = {
    to: author.id,
    type: 'Flag',
    actor: serverId(site),
    object: [author.id, item.id],
    recipient: author.id,
    content: said,
  }
  const acts = [act(person.id, 'report_forwarded', id, site.now(), said)]
  const put = { ...(await asPeer(site, author, false)), acts }
  await record(site, { put, letters: [letter] })
}
