/** The sign of a server in a browser's tab: streams that feed one river, in the initiative's own colour. */
import express, { type RequestHandler, type Router } from 'express'
import type { Initiative } from '../content/model.ts'
import { groupId } from '../federation/addresses.ts'
import type { Site } from '../federation/site.ts'
import { onPaper } from './accent.ts'
import { type Html, html } from './html.ts'

/** The colour of a server that has not been set up, as in styles/base.css. */
const UNCHOSEN = '#0b5c5c'

/** For the head of a page. The colour is part of the address, so that the sign can be kept for good. */
export const iconLink = (profile: Pick<Initiative, 'accent'> | undefined): Html =>
  html`<link rel="icon" href="/assets/icon-${colourOf(profile).slice(1)}.svg">`

/** The sign where pages say it is, and where browsers ask without being told: `/favicon.ico`. */
export function icons(site: Site): Router {
  const router = express.Router()
  router.get('/assets/:name', iconByColour)
  router.get('/favicon.ico', async (_req, res) => {
    const profile = await site.store.get('initiatives', groupId(site))
    res
      .set('cache-control', 'public, max-age=86400')
      .type('svg')
      .send(drawn(colourOf(profile)))
  })
  return router
}

const iconByColour: RequestHandler<{ name: string }> = (req, res, next) => {
  const colour = /^icon-([0-9a-f]{6})\.svg$/.exec(req.params.name)?.[1]
  if (!colour) return next()
  res
    .set('cache-control', 'public, max-age=31536000, immutable')
    .type('svg')
    .send(drawn(`#${colour}`))
}

const colourOf = (profile: Pick<Initiative, 'accent'> | undefined) =>
  profile ? onPaper(profile.accent) : UNCHOSEN

/** White on the colour, and on a ground of its own, so that it reads in light tabs and in dark ones. */
const drawn = (colour: string) =>
  `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="7" fill="${colour}"/>` +
  '<g fill="none" stroke="#fff" stroke-linecap="round"><path stroke-width="3.4" d="M21 5c0 6-7 7-6 15"/>' +
  '<path stroke-width="2.6" d="M6 9c6 0 8 4 9 10M27 13c-6 0-10 3-11 8"/><path stroke-width="5.4" d="M15 19c0 4 1 6 3 8"/></g></svg>'
