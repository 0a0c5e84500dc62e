/** The aggregator: everything that initiatives publish, in one place, with its origin. One line for each address. */
import express, { type Router } from 'express'
import type { Site } from '../../federation/site.ts'
import { aboutGathering } from './gathering/about.ts'
import { gatheringFront } from './gathering/front.ts'
import { byAddress, initiativeJson, initiativePage } from './gathering/initiative.ts'
import { initiativesCsv, initiativesJson, initiativesPage } from './gathering/initiatives.ts'
import { changeStanding, listFound, lookUp, registryPage } from './gathering/registry.ts'
import { discussionPage, discussionsPage } from './reading/discussions.ts'
import { mainFeed, outcomesFeed } from './reading/feeds.ts'
import { type Show, shows } from './reading/find.ts'
import { interact } from './reading/interact.ts'
import { outcomeJson, versionObject } from './reading/machines.ts'
import { meetingPage, meetingsPage, sessionPage } from './reading/meetings.ts'
import { messagePage } from './reading/message.ts'
import { outcomePage } from './reading/outcome.ts'
import { outcomesCsv, outcomesJson, outcomesPage } from './reading/outcomes.ts'
import { proofPage } from './reading/proof.ts'
import { changesPage, versionPage, versionsPage } from './reading/versions.ts'

/** In the order they are tried: what ends in a format stands before what takes any word. */
const pages: Record<string, Show> = {
  '/': gatheringFront,
  '/about': aboutGathering,
  '/at': byAddress,
  '/feed.atom': mainFeed,
  '/feed.json': mainFeed,
  '/initiatives': initiativesPage,
  '/initiatives.json': initiativesJson,
  '/initiatives.csv': initiativesCsv,
  '/initiatives/:key.json': initiativeJson,
  '/initiatives/:key': initiativePage,
  '/outcomes': outcomesPage,
  '/outcomes.json': outcomesJson,
  '/outcomes.csv': outcomesCsv,
  '/outcomes/feed.atom': outcomesFeed,
  '/outcomes/feed.json': outcomesFeed,
  '/outcomes/:slug.json': outcomeJson,
  '/outcomes/:slug': outcomePage,
  '/outcomes/:slug/messages/:key': messagePage,
  '/outcomes/:slug/versions': versionsPage,
  '/outcomes/:slug/versions/:number': versionPage,
  '/outcomes/:slug/versions/:number/changes': changesPage,
  '/outcomes/:slug/versions/:number/object': versionObject,
  '/outcomes/:slug/proof': proofPage,
  '/meetings': meetingsPage,
  '/meetings/:slug': meetingPage,
  '/sessions/:slug': sessionPage,
  '/discussions': discussionsPage,
  '/discussions/:slug': discussionPage,
  '/host/registry': registryPage,
}

const forms: Record<string, Show> = {
  '/interact': interact,
  '/host/registry/look-up': lookUp,
  '/host/registry/list': listFound,
  '/host/registry/standing': changeStanding,
}

export function gatheringPages(_site: Site): Router {
  const router = express.Router()
  for (const [path, show] of Object.entries(pages)) router.get(path, shows(show))
  for (const [path, show] of Object.entries(forms)) router.post(path, shows(show))
  return router
}
