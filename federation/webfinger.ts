/** WebFinger (RFC 7033): which actor a handle is called by, and where one may interact from there. */
import * as z from 'zod'
import { Refusal } from '../content/refusal.ts'
import type { Site } from './site.ts'

const Jrd = z.looseObject({
  subject: z.string().max(500),
  links: z
    .array(
      z.looseObject({
        rel: z.string(),
        type: z.string().nullish(),
        href: z.string().nullish(),
        template: z.string().nullish(),
      }),
    )
    .max(50),
})

/**
 * WebFinger: the actor id of a handle, and the address where one may interact from there. An answer that
 * speaks of another account counts when that account's own host says the same (CVE-2023-42451).
 */
export async function webfinger(
  site: Site,
  handle: string,
): Promise<{ actor?: string; interact?: string }> {
  const first = await fingered(site, handle)
  if (first.subject === asAccount(handle)) return first
  const second = await fingered(site, first.subject.slice('acct:'.length))
  if (second.actor === first.actor) return first
  throw new Refusal('unavailable', 'discovery.webfinger', { handle: handle.slice(0, 100) })
}

const asAccount = (handle: string) => `acct:${handle.trim().replace(/^@/, '')}`.toLowerCase()

async function fingered(site: Site, handle: string) {
  const [, user = '', host = ''] = /^@?([^@\s/]{1,100})@([^@\s/]{1,253})$/.exec(handle.trim()) ?? []
  if (!host) throw new Refusal('invalid', 'discovery.handle', { handle: handle.slice(0, 100) })
  const scheme =
    site.origin.startsWith('http:') && /^127\.0\.0\.1(:\d+)?$/.test(host) ? 'http' : 'https'
  const resource = encodeURIComponent(`acct:${user}@${host.toLowerCase()}`)
  const { body } = await site.fetch.json(
    `${scheme}://${host}/.well-known/webfinger?resource=${resource}`,
    {
      accept: ['application/jrd+json', 'application/json'],
      signed: false,
    },
  )
  const { data } = Jrd.safeParse(body)
  if (!data || !data.subject.startsWith('acct:'))
    throw new Refusal('unavailable', 'discovery.webfinger', { handle })
  const self = data.links.find(
    ({ rel, type }) => rel === 'self' && /activity\+json|ld\+json/.test(type ?? ''),
  )
  const subscribe = data.links.find(({ rel }) => rel === 'http://ostatus.org/schema/1.0/subscribe')
  return {
    subject: data.subject.toLowerCase(),
    ...(self?.href ? { actor: self.href } : {}),
    ...(subscribe?.template ? { interact: subscribe.template } : {}),
  }
}
