/** The listed faces of outcome versions, in place of those that stood there before. */
import type { Item, Version } from '../content/model.ts'
import type { Store } from '../content/store.ts'
import { initiativeNow } from './former.ts'
import { project } from '../content/versions.ts'

const MESSAGES_MAX = 1000

/** Listed under the name that its initiative has now. */
async function asNow(store: Store, version: Version): Promise<Version> {
  return { ...version, initiative: await initiativeNow(store, version.initiative) }
}

/** Items to put and ids to drop so that the newest of these versions are what is listed and found. */
export async function placed(
  store: Store,
  versions: Version[],
): Promise<{ put: Item[]; drop: string[] }> {
  const put: Item[] = []
  const drop: string[] = []
  for (const version of versions) {
    const { outcome, messages } = project(await asNow(store, version))
    const before = await store.get('items', outcome.id)
    if (before?.type === 'outcome' && before.version > version.version) continue
    const where = { type: 'message', outcome: outcome.id }
    const standing = before ? await store.find('items', { where, limit: MESSAGES_MAX }) : []
    const revs = new Map([...standing, ...(before ? [before] : [])].map(({ id, rev }) => [id, rev]))
    const faces: Item[] =
      version.state === 'withdrawn' ? [{ ...outcome, text: '' }] : [outcome, ...messages]
    for (const face of faces) {
      const rev = revs.get(face.id)
      put.push(rev === undefined ? face : { ...face, rev })
      revs.delete(face.id)
    }
    drop.push(...revs.keys())
  }
  return { put, drop }
}
