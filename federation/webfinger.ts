/** WebFinger (RFC 7033): which actor a handle is called by, and where one may interact from there. */
import * as z from 'zod'
import { Refusal } from '../content/refusal.ts'
import type { Site } from './site.ts'

/** Where a server opens what lives elsewhere (OStatus). */
export const SUBSCRIBE = 'http://ostatus.org/schema/1.0/subscribe'
/** Where it does one thing with it (FEP-3b86). */
export const INTENT = 'https://w3id.org/fep/3b86/'
const INTENT_REL = /^https:\/\/w3id\.org\/fep\/3b86\/([A-Za-z]{1,20})$/

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

/** What an account's own server says of it. */
export interface Account {
  actor?: string
  /** Where that server opens anything from elsewhere: the template of OStatus, with `{uri}`. */
  interact?: string
  /** Where it does one thing, by the thing's name in lower case (FEP-3b86), with `{object}`. */
  intents?: Record<string, string>
}

/**
 * WebFinger: the actor id of a handle, and the addresses where one may interact from there. An answer that
 * speaks of another account counts when that account's own host says the same (CVE-2023-42451).
 */
export async function webfinger(site: Site, handle: string): Promise<Account> {
  const first = await fingered(site, handle)
  if (first.subject === asAccount(handle)) return first
  const second = await fingered(site, first.subject.slice('acct:'.length))
  if (second.actor === first.actor) return first
  throw new Refusal('unavailable', 'discovery.webfinger', { handle: handle.slice(0, 100) })
}

/**
 * Where one may interact from a handle, or from a server of which only the name is known: its own account is asked
 * for by the name that Mastodon gives it, `social.example@social.example`.
 */
export function accountOf(site: Site, address: string): Promise<Account> {
  const text = address.trim()
  if (/^@?[^@\s/]+@[^@\s/]+$/.test(text)) return webfinger(site, text)
  const url = URL.parse(text.includes('://') ? text : `https://${text}`)
  if (!url?.host.includes('.'))
    throw new Refusal('invalid', 'discovery.handle', { handle: text.slice(0, 100) })
  const [, user] = /^\/@([^/@]{1,100})$/.exec(url.pathname) ?? []
  return webfinger(site, `${user ?? url.host.replace(/:\d+$/, '')}@${url.host}`)
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
  const subscribe = data.links.find(({ rel }) => rel === SUBSCRIBE)
  const intents = data.links.flatMap(({ rel, template, href }) => {
    const [, name] = INTENT_REL.exec(rel) ?? []
    const place = template ?? href
    return name && place ? [[name.toLowerCase(), place] as const] : []
  })
  return {
    subject: data.subject.toLowerCase(),
    ...(self?.href ? { actor: self.href } : {}),
    ...(subscribe?.template ? { interact: subscribe.template } : {}),
    ...(intents.length > 0 ? { intents: Object.fromEntries(intents) } : {}),
  }
}
