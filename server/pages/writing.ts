/** Where a host writes, moves outcomes through their life, and moderates: one line for each address. */
import express, { type Router } from 'express'
import type { Site } from '../../federation/site.ts'
import { beginAnnual, hostReports, reportForm, saveReport } from './annual/host.ts'
import { publishForm, sendReport } from './annual/publish.ts'
import { fillForm, fillReport } from './annual/renew.ts'
import { hostCall, sendDecision } from './calls/decide.ts'
import { callForm, hostCalls, sendCall } from './calls/host.ts'
import { mergeForm, sendMerge } from './calls/merging.ts'
import { type Show, shows } from './reading/find.ts'
import { roomForm, sendRoom } from './room/rapporteur.ts'
import { draftSlide } from './room/slide.ts'
import { cancelForm, sendCancel } from './writing/cancelling.ts'
import { conductForm, saveConduct } from './writing/conduct-form.ts'
import { discussionKind } from './writing/discussion-form.ts'
import { dispositionsPage, sendDisposition } from './writing/dispositions.ts'
import { hearingPage, saveHearing } from './writing/hearing.ts'
import { itemForm, sendItem } from './writing/items.ts'
import { hostDiscussions, hostMeetings } from './writing/lists.ts'
import { meetingKind } from './writing/meeting-form.ts'
import { moderate, moderationPage } from './writing/moderation.ts'
import { outcomeForm, sendOutcome } from './writing/outcome.ts'
import { hostOutcomes } from './writing/outcomes.ts'
import { publicRecord } from './writing/public-record.ts'
import { sessionKind } from './writing/session-form.ts'
import { sendStep, stepForm } from './writing/steps.ts'
import { addText, sendText, textForm } from './writing/texts.ts'

/** `new` stands before what takes any word. */
const pages: Record<string, Show> = {
  '/host/outcomes': hostOutcomes,
  '/host/outcomes/new': outcomeForm,
  '/host/outcomes/:slug': outcomeForm,
  '/host/outcomes/:slug/slide': draftSlide,
  '/host/outcomes/:slug/texts/:language': textForm,
  '/host/outcomes/:slug/steps/:step': stepForm,
  '/host/outcomes/:slug/contributions': dispositionsPage,
  '/host/meetings': hostMeetings,
  '/host/meetings/new': itemForm(meetingKind),
  '/host/meetings/:slug': itemForm(meetingKind),
  '/host/meetings/:slug/cancel': cancelForm,
  '/host/sessions/new': itemForm(sessionKind),
  '/host/sessions/:slug': itemForm(sessionKind),
  '/host/sessions/:slug/messages': roomForm,
  '/host/sessions/:slug/cancel': cancelForm,
  '/host/discussions': hostDiscussions,
  '/host/discussions/new': itemForm(discussionKind),
  '/host/discussions/:slug': itemForm(discussionKind),
  '/host/calls': hostCalls,
  '/host/calls/new': callForm,
  '/host/calls/:slug': hostCall,
  '/host/calls/:slug/edit': callForm,
  '/host/calls/:slug/session': mergeForm,
  '/host/reports': hostReports,
  '/host/reports/:year': reportForm,
  '/host/reports/:year/fill': fillForm,
  '/host/reports/:year/publish': publishForm,
  '/host/contributions': moderationPage,
  '/host/contributions/rules': hearingPage,
  '/host/conduct': conductForm,
  '/moderation': publicRecord,
}

const forms: Record<string, Show> = {
  '/host/outcomes/new': sendOutcome,
  '/host/outcomes/:slug': sendOutcome,
  '/host/outcomes/:slug/texts': addText,
  '/host/outcomes/:slug/texts/:language': sendText,
  '/host/outcomes/:slug/steps/:step': sendStep,
  '/host/outcomes/:slug/contributions': sendDisposition,
  '/host/meetings/new': sendItem(meetingKind),
  '/host/meetings/:slug': sendItem(meetingKind),
  '/host/meetings/:slug/cancel': sendCancel,
  '/host/sessions/new': sendItem(sessionKind),
  '/host/sessions/:slug': sendItem(sessionKind),
  '/host/sessions/:slug/messages': sendRoom,
  '/host/sessions/:slug/cancel': sendCancel,
  '/host/discussions/new': sendItem(discussionKind),
  '/host/discussions/:slug': sendItem(discussionKind),
  '/host/calls/new': sendCall,
  '/host/calls/:slug': sendDecision,
  '/host/calls/:slug/edit': sendCall,
  '/host/calls/:slug/session': sendMerge,
  '/host/reports': beginAnnual,
  '/host/reports/:year': saveReport,
  '/host/reports/:year/fill': fillReport,
  '/host/reports/:year/publish': sendReport,
  '/host/contributions': moderate,
  '/host/contributions/rules': saveHearing,
  '/host/conduct': saveConduct,
}

export function writingPages(_site: Site): Router {
  const router = express.Router()
  for (const [path, show] of Object.entries(pages)) router.get(path, shows(show))
  for (const [path, show] of Object.entries(forms)) router.post(path, shows(show))
  return router
}
