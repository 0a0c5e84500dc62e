/** What everybody reads on a node, and where they answer: one line for each address. */
import express, { type Router } from 'express'
import type { Site } from '../../federation/site.ts'
import { annualDocx, annualJson, annualPage, annualsPage } from './annual/public.ts'
import { callCsv, callJson } from './calls/machines.ts'
import { proposalPage, sendOwnProposal, sendProposal } from './calls/propose.ts'
import { callPage, callsPage } from './calls/public.ts'
import { meetingBooklet, meetingDocx, outcomeBooklet, outcomeDocx } from './documents/booklets.ts'
import { aboutPage } from './reading/about.ts'
import { besidePage } from './reading/beside.ts'
import { allMeetings, meetingCalendar, sessionCalendar } from './reading/calendars.ts'
import { conductPage } from './reading/conduct.ts'
import { contributeToDiscussion, contributeToOutcome } from './reading/contribute.ts'
import { contributionPage } from './reading/contribution.ts'
import { discussionPage, discussionsPage } from './reading/discussions.ts'
import { actElsewhere, elsewherePage } from './reading/elsewhere.ts'
import {
  discussionFeed,
  mainFeed,
  meetingFeed,
  outcomeFeed,
  outcomesFeed,
  themeFeed,
} from './reading/feeds.ts'
import { type Show, shows } from './reading/find.ts'
import { frontPage } from './reading/front.ts'
import { interact } from './reading/interact.ts'
import { outcomeJson, versionObject } from './reading/machines.ts'
import { meetingPage, meetingsPage, sessionPage } from './reading/meetings.ts'
import { messagePage } from './reading/message.ts'
import { outcomePage } from './reading/outcome.ts'
import { outcomesCsv, outcomesJson, outcomesPage } from './reading/outcomes.ts'
import { personPage } from './reading/people.ts'
import { reportPage, sendReport } from './reading/report.ts'
import { proofPage } from './reading/proof.ts'
import { publicSlide } from './room/slide.ts'
import { themePage, themesPage } from './reading/theme.ts'
import { chooseZone } from './reading/zone.ts'
import { changesPage, versionPage, versionsPage } from './reading/versions.ts'

/** Everything that an initiative publishes, on a node and on an aggregator alike, in the order it is tried: what ends in a format stands before what takes any word. */
export const published: Record<string, Show> = {
  ...fed('/feed', mainFeed),
  '/outcomes': outcomesPage,
  '/outcomes.json': outcomesJson,
  '/outcomes.csv': outcomesCsv,
  ...fed('/outcomes/feed', outcomesFeed),
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
  '/reports': annualsPage,
  '/outcomes/:slug/slide': publicSlide,
  '/meetings': meetingsPage,
  '/meetings/:slug.docx': meetingDocx,
  '/meetings/:slug.ics': meetingCalendar,
  '/meetings/:slug': meetingPage,
  '/meetings/:slug/booklet': meetingBooklet,
  '/calendar.ics': allMeetings,
  '/sessions/:slug.ics': sessionCalendar,
  '/sessions/:slug': sessionPage,
  '/contributions/:slug': contributionPage,
  '/discussions': discussionsPage,
  '/discussions/:slug': discussionPage,
  ...fed('/discussions/:slug/feed', discussionFeed),
  ...fed('/outcomes/:slug/feed', outcomeFeed),
  ...fed('/meetings/:slug/feed', meetingFeed),
  '/themes': themesPage,
  '/themes/:list/:slug': themePage,
  ...fed('/themes/:list/:slug/feed', themeFeed),
}

const pages: Record<string, Show> = {
  '/': frontPage,
  '/about': aboutPage,
  ...published,
  '/reports/:year.docx': annualDocx,
  '/reports/:year.json': annualJson,
  '/reports/:year': annualPage,
  '/calls': callsPage,
  '/calls/:slug.csv': callCsv,
  '/calls/:slug.json': callJson,
  '/calls/:slug': callPage,
  '/calls/:slug/proposals/:key': proposalPage,
  '/people/:name': personPage,
  '/conduct': conductPage,
  '/contributions/:slug/report': reportPage,
  '/authorize_interaction': elsewherePage,
}

const forms: Record<string, Show> = {
  '/outcomes/:slug': contributeToOutcome,
  '/discussions/:slug': contributeToDiscussion,
  '/calls/:slug': sendProposal,
  '/calls/:slug/proposals/:key': sendOwnProposal,
  '/interact': interact,
  '/zone': chooseZone,
  '/contributions/:slug/report': sendReport,
  '/authorize_interaction': actElsewhere,
}

/** A feed in each of its formats. */
export function fed(path: string, show: Show): Record<string, Show> {
  return { [`${path}.atom`]: show, [`${path}.rss`]: show, [`${path}.json`]: show }
}

export function readingPages(_site: Site): Router {
  const router = express.Router()
  for (const [path, show] of Object.entries(pages)) router.get(path, shows(show))
  for (const [path, show] of Object.entries(forms)) router.post(path, shows(show))
  return router
}
