/** How others find us: WebFinger (RFC 7033) and NodeInfo 2.1. */
import { readFileSync } from 'node:fs'
import express, { type Router } from 'express'
import { Refusal } from '../content/refusal.ts'
import { groupId, personId, serverId } from './addresses.ts'
import { formerAsked, originAsked, personAt, profileOf, siteAt } from './former.ts'
import type { Site } from './site.ts'
import { groupName } from './translate/actors.ts'
import { INTENT, SUBSCRIBE } from './webfinger.ts'
import { MEDIA_TYPE } from './wire.ts'

const { version } = JSON.parse(
  readFileSync(new URL('../package.json', import.meta.url), 'utf8'),
) as {
  version: string
}

export function discoveryRoutes(site: Site): Router {
  const router = express.Router()
  router.get('/.well-known/webfinger', async (req, res) => {
    const { resource } = req.query
    if (typeof resource !== 'string')
      throw new Refusal('invalid', 'wire.field', { field: 'resource' })
    const here = siteAt(site, originNamed(site, req.headers.host, resource))
    const found = await named(here, resource)
    if (!found) throw new Refusal('missing', 'not_here')
    res
      .set('access-control-allow-origin', '*')
      .type('application/jrd+json')
      .send(JSON.stringify(jrd(here, found)))
  })
  router.get('/.well-known/nodeinfo', (_req, res) => {
    const link = (rel: string, href: string) => ({ rel, href })
    const schema = 'http://nodeinfo.diaspora.software/ns/schema/2.1'
    const application = 'https://www.w3.org/ns/activitystreams#Application'
    res.json({
      links: [link(schema, `${site.origin}/nodeinfo/2.1`), link(application, serverId(site))],
    })
  })
  router.get('/nodeinfo/2.1', async (_req, res) => {
    res.type('application/json; profile="http://nodeinfo.diaspora.software/ns/schema/2.1#"')
    res.send(JSON.stringify(await nodeInfo(site)))
  })
  return router
}

/** The address of ours that is asked for: by the handle or id in question, else by the name we were called. */
function originNamed(site: Site, host: string | undefined, resource: string): string {
  const at = /^acct:[^@]+@(.+)$/i.exec(resource)?.[1] ?? URL.parse(resource)?.host
  return formerAsked(site, at) ?? (at === undefined ? originAsked(site, host) : site.origin)
}

interface Named {
  actor: string
  name: string
  page: string
  /** Something from elsewhere can be opened here in its name. */
  opens?: boolean
}

/** By handle (any letter case, FEP-2c59) or by the address of an actor or of the site. */
async function named(site: Site, resource: string): Promise<Named | undefined> {
  const { host } = new URL(site.origin)
  const [, user, at] = /^acct:([^@]+)@(.+)$/i.exec(resource) ?? []
  if (at !== undefined && at.toLowerCase() !== host) return undefined
  const profile = await profileOf(site)
  const group = profile && {
    actor: groupId(site),
    name: groupName(profile),
    page: `${site.origin}/about`,
  }
  const opens = site.policy.publishes
  const server = { actor: serverId(site), name: 'server', page: site.origin, opens }
  // Whoever knows no account here asks for that of the server, by its host.
  const wanted =
    user?.toLowerCase() === host.replace(/:\d+$/, '') ? server.name : user?.toLowerCase()
  const known = [group, server].find(
    (each) => each && (each.name === wanted || each.actor === resource),
  )
  if (known) return known
  if (group && [site.origin, `${site.origin}/`, group.page].includes(resource)) return group
  const id = wanted ? personId(site, wanted) : resource
  const name = String(id.split('/').at(-1))
  const person = id === personId(site, name) ? await personAt(site, name) : undefined
  return person && { actor: id, name, page: id, opens }
}

function jrd({ origin }: Site, { actor, name, page, opens }: Named) {
  const template = (name: string) => `${origin}/authorize_interaction?uri={${name}}`
  const opening = [
    { rel: SUBSCRIBE, template: template('uri') },
    { rel: `${INTENT}Object`, template: template('object') },
    { rel: `${INTENT}Follow`, template: template('object') },
    { rel: `${INTENT}Create`, template: template('inReplyTo') },
  ]
  return {
    subject: `acct:${name}@${new URL(origin).host}`,
    aliases: [actor],
    links: [
      { rel: 'self', type: MEDIA_TYPE, href: actor },
      { rel: 'http://webfinger.net/rel/profile-page', type: 'text/html', href: page },
      ...(opens ? opening : []),
    ],
  }
}

/** nodeinfo.diaspora.software, schema 2.1: nothing beyond it, since strict readers reject more. */
async function nodeInfo({ store, policy }: Site) {
  const items = (type: string) =>
    store.count('items', { where: { type, local: 'true', visibility: 'shown' } })
  const [people, outcomes, discussions, contributions] = await Promise.all([
    store.count('people', {}),
    items('outcome'),
    items('discussion'),
    items('contribution'),
  ])
  return {
    version: '2.1',
    software: { name: 'tributary', version },
    protocols: ['activitypub'],
    services: { inbound: [], outbound: ['atom1.0'] },
    openRegistrations: false,
    usage: {
      users: { total: people },
      localPosts: outcomes + discussions,
      localComments: contributions,
    },
    metadata: { role: policy.gathers ? 'aggregator' : 'node' },
  }
}
