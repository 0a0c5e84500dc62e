/** What everybody reads on a node, and where they answer: one line for each address. */
import express, { type Router } from 'express'
import type { Site } from '../../federation/site.ts'
import { reportDocx, reportJson, reportPage, reportsPage } from './annual/public.ts'
import { meetingBooklet, meetingDocx, outcomeBooklet, outcomeDocx } from './documents/booklets.ts'
import { aboutPage } from './reading/about.ts'
import { besidePage } from './reading/beside.ts'
import { allMeetings, meetingCalendar, sessionCalendar } from './reading/calendars.ts'
import {
  contributeToDiscussion,
  contributeToOutcome,
  contributionPlace,
} from './reading/contribute.ts'
import { discussionPage, discussionsPage } from './reading/discussions.ts'
import { discussionFeed, mainFeed, outcomesFeed } from './reading/feeds.ts'
import { type Show, shows } from './reading/find.ts'
import { frontPage } from './reading/front.ts'
import { interact } from './reading/interact.ts'
import { outcomeJson, versionObject } from './reading/machines.ts'
import { meetingPage, meetingsPage, sessionPage } from './reading/meetings.ts'
import { messagePage } from './reading/message.ts'
import { outcomePage } from './reading/outcome.ts'
import { outcomesCsv, outcomesJson, outcomesPage } from './reading/outcomes.ts'
import { personPage } from './reading/people.ts'
import { proofPage } from './reading/proof.ts'
import { publicSlide } from './room/slide.ts'
import { changesPage, versionPage, versionsPage } from './reading/versions.ts'

/** Everything that an initiative publishes, on a node and on an aggregator alike, in the order it is tried: what ends in a format stands before what takes any word. */
export const published: Record<string, Show> = {
  '/feed.atom': mainFeed,
  '/feed.json': mainFeed,
  '/outcomes': outcomesPage,
  '/outcomes.json': outcomesJson,
  '/outcomes.csv': outcomesCsv,
  '/outcomes/feed.atom': outcomesFeed,
  '/outcomes/feed.json': outcomesFeed,
  '/outcomes/:slug.json': outcomeJson,
  '/outcomes/:slug.docx': outcomeDocx,
  '/outcomes/:slug': outcomePage,
  '/outcomes/:slug/booklet': outcomeBooklet,
  '/outcomes/:slug/beside': besidePage,
  '/outcomes/:slug/messages/:key': messagePage,
  '/outcomes/:slug/versions': versionsPage,
  '/outcomes/:slug/versions/:number': versionPage,
  '/outcomes/:slug/versions/:number/changes': changesPage,
  '/outcomes/:slug/versions/:number/object': versionObject,
  '/outcomes/:slug/proof': proofPage,
  '/reports': reportsPage,
  '/outcomes/:slug/slide': publicSlide,
  '/meetings': meetingsPage,
  '/meetings/:slug.docx': meetingDocx,
  '/meetings/:slug': meetingPage,
  '/meetings/:slug/booklet': meetingBooklet,
  '/calendar.ics': allMeetings,
  '/meetings/:slug.ics': meetingCalendar,
  '/sessions/:slug.ics': sessionCalendar,
  '/sessions/:slug': sessionPage,
  '/discussions': discussionsPage,
  '/discussions/:slug': discussionPage,
  '/discussions/:slug/feed.atom': discussionFeed,
  '/discussions/:slug/feed.json': discussionFeed,
}

const pages: Record<string, Show> = {
  '/': frontPage,
  '/about': aboutPage,
  ...published,
  '/reports/:year.docx': reportDocx,
  '/reports/:year.json': reportJson,
  '/reports/:year': reportPage,
  '/contributions/:slug': contributionPlace,
  '/people/:name': personPage,
}

const forms: Record<string, Show> = {
  '/outcomes/:slug': contributeToOutcome,
  '/discussions/:slug': contributeToDiscussion,
  '/interact': interact,
}

export function readingPages(_site: Site): Router {
  const router = express.Router()
  for (const [path, show] of Object.entries(pages)) router.get(path, shows(show))
  for (const [path, show] of Object.entries(forms)) router.post(path, shows(show))
  return router
}
