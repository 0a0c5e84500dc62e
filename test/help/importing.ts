/** An import as a host makes it in the browser: begun, read to its end, and its rows. */
import type { ImportJob, Proposed } from '../../content/imports.ts'
import { type TestServer, until } from './servers.ts'
import type { Visitor } from './visitor.ts'

const ROWS_MAX = 100

const idIn = (path: string) => path.split('/').at(-1) ?? ''

/** The import at this page, when it is neither read nor written any more. */
export const settled = ({ site }: TestServer, path: string): Promise<ImportJob> =>
  until(async () => {
    const job = await site.store.get('imports', idIn(path))
    return job && job.state !== 'reading' && job.state !== 'writing' && job
  })

/** Begin with an address or with text; answers the path of its page once all is read. */
export async function begin(
  node: TestServer,
  host: Visitor,
  fields: { address: string } | { text: string },
): Promise<string> {
  const none = { address: [], text: [] }
  const { url } = await host.fill('/host/import', '/host/import', { ...none, ...fields })
  await settled(node, url)
  return url
}

/** Its rows, in the order in which they were read. */
export const rows = ({ site }: TestServer, path: string): Promise<Proposed[]> =>
  site.store.find('proposed', { where: { job: idIn(path) }, order: 'oldest', limit: ROWS_MAX })
