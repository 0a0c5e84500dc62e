/** The aggregator: everything that initiatives publish, in one place, with its origin. One line for each address. */
import express, { type Router } from 'express'
import type { Site } from '../../federation/site.ts'
import { aboutGathering } from './gathering/about.ts'
import { gatheringFront } from './gathering/front.ts'
import {
  byAddress,
  initiativeJson,
  initiativePage,
  underFormerKey,
} from './gathering/initiative.ts'
import { initiativesCsv, initiativesJson, initiativesPage } from './gathering/initiatives.ts'
import { changeStanding, listFound, lookUp, registryPage } from './gathering/registry.ts'
import { fed, published } from './reading.ts'
import { initiativeFeed } from './reading/feeds.ts'
import { type Show, shows } from './reading/find.ts'
import { interact } from './reading/interact.ts'
import { chooseZone } from './reading/zone.ts'

/** In the order they are tried: what ends in a format stands before what takes any word. */
const pages: Record<string, Show> = {
  '/': gatheringFront,
  '/about': aboutGathering,
  '/at': byAddress,
  '/initiatives': initiativesPage,
  '/initiatives.json': initiativesJson,
  '/initiatives.csv': initiativesCsv,
  '/initiatives/:key.json': initiativeJson,
  '/initiatives/:key': initiativePage,
  ...fed('/initiatives/:key/feed', initiativeFeed),
  ...published,
  '/host/registry': registryPage,
}

const forms: Record<string, Show> = {
  '/interact': interact,
  '/zone': chooseZone,
  '/host/registry/look-up': lookUp,
  '/host/registry/list': listFound,
  '/host/registry/standing': changeStanding,
}

export function gatheringPages(_site: Site): Router {
  const router = express.Router()
  router.use('/initiatives/:key', underFormerKey)
  for (const [path, show] of Object.entries(pages)) router.get(path, shows(show))
  for (const [path, show] of Object.entries(forms)) router.post(path, shows(show))
  return router
}
