/** tributary sync: read the logs of all followed initiatives now, and say how each stands. */
import { syncPeer } from '../../federation/sync.ts'
import { applyJournal } from '../../federation/journal.ts'
import { progress, say, words } from '../terminal.ts'
import type { Run } from './command.ts'
import { withSite } from './with-site.ts'

const PULLS_MAX = 1000

export const sync: Run = () =>
  withSite(async (site) => {
    await applyJournal(site)
    const pulls = await site.store.find('pulls', { order: 'oldest', limit: PULLS_MAX })
    const bar = progress(words('terminal.sync.label'), pulls.length)
    for (const [i, { id }] of pulls.entries()) {
      bar.step(i, id)
      await syncPeer(site, id)
    }
    bar.step(pulls.length)
    bar.end()
    for (const { id } of pulls) {
      const now = await site.store.get('pulls', id)
      if (now)
        say(
          words('terminal.sync.line', {
            id,
            standing: now.standing,
            held: now.held,
            size: now.size,
            refused: now.refused,
          }),
        )
    }
  })
