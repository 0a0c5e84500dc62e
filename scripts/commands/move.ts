/** tributary move: looks whether this server can go by another address, says what that comes to, and with --yes does it. */
import { type Left, movesSoFar, moveTo, planMove, sayAgain } from '../../federation/moving.ts'
import type { Site } from '../../federation/site.ts'
import { takesTwo } from '../../server/second-person.ts'
import { Refusal } from '../../content/refusal.ts'
import { say, words } from '../terminal.ts'
import type { Run } from './command.ts'
import { withSite } from './with-site.ts'

export const move: Run = ([address], { yes, again }) =>
  withSite(async (site) => {
    if (again) await sayAgain(site, 'terminal')
    if (address === undefined) return state(site)
    await plan(site, address)
    if (!yes) return say(words('terminal.move.nothing'))
    if (await takesTwo(site, 'manage_initiative')) throw new Refusal('conflict', 'move.takes_two')
    await moveTo(site, address, 'terminal')
    say(words('terminal.move.done', { origin: site.origin }))
  })

async function plan(site: Site, address: string): Promise<void> {
  const { from, to, withoutPassword, ...counts } = await planMove(site, address)
  say(words('terminal.move.plan', { from, to }))
  for (const [name, count] of Object.entries(counts))
    say(`  ${words(`moving.plan_${name}`, { count })}`)
  for (const name of ['pages', 'sign_in']) say(`  ${words(`moving.plan_${name}`)}`)
  if (withoutPassword > 0) say(`  ${words('moving.plan_passkeys', { count: withoutPassword })}`)
}

async function state(site: Site): Promise<void> {
  const { left } = await movesSoFar(site)
  for (const each of left) say(words('terminal.move.line', lineOf(each)))
  if (left.length === 0) say(words('terminal.move.never', { origin: site.origin }))
}

const lineOf = ({ from, to, since, before, left }: Left) => ({
  from,
  to,
  since: since.slice(0, 10),
  came: Math.max(0, before - left),
  before,
})
