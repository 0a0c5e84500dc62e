/** The first run: whoever started the program proves it with a code that only the terminal shows. */
import { createHash, randomInt, timingSafeEqual } from 'node:crypto'
import { groupId } from '../federation/addresses.ts'
import type { Site } from '../federation/site.ts'

const digest = (code: string) => createHash('sha256').update(code.replace(/\D/g, '')).digest('hex')

/** True once the server has a name and an account. */
export const isSetUp = async ({ store, origin }: Site): Promise<boolean> =>
  (await store.get('initiatives', groupId({ origin }))) !== undefined

/** A new code for a server that is not set up yet; the one before it is no longer good. */
export async function setupCode(site: Site): Promise<string | undefined> {
  if (await isSetUp(site)) return undefined
  const code = [1, 2, 3].map(() => String(randomInt(1000)).padStart(3, '0')).join('-')
  const known = await site.store.get('notes', 'setup-code')
  await site.store.commit({
    put: { notes: [{ ...known, id: 'setup-code', value: digest(code) }] },
  })
  return code
}

export async function isSetupCode({ store }: Site, code: string): Promise<boolean> {
  const known = await store.get('notes', 'setup-code')
  const wanted = Buffer.from(known?.value ?? '')
  const sent = Buffer.from(digest(code))
  return wanted.length === sent.length && timingSafeEqual(wanted, sent)
}
