/** Where the host signs in and looks after the server: one line for each address. What is written there stands in writing.ts. */
import express, { type RequestHandler, type Router } from 'express'
import type { Site } from '../../federation/site.ts'
import { accountLimit, accountPage, changeAccount } from './host/account.ts'
import { changeAdmission } from './host/admission.ts'
import { backupPage, takeBackup } from './host/backup.ts'
import { blocksCsv, blocksPage, changeBlocks } from './host/blocks.ts'
import { hostFront } from './host/front.ts'
import { handOver, handoverPage } from './host/handover.ts'
import { handoverSheet } from './host/handover-sheet.ts'
import { changeInvitations, invitationsPage } from './host/invitations.ts'
import { acceptInvitation, askInvited, invitedLimits, invitedPage } from './host/invited.ts'
import { login, loginLimits, loginPage, logout, logoutPage, setupLimits } from './host/login.ts'
import { carePage } from './host/care.ts'
import { doctorPage } from './host/doctor.ts'
import { exportPage, sendExport } from './host/export.ts'
import { changeKeys, keysPage } from './host/keys.ts'
import {
  answerLimits,
  askAtLogin,
  askOnAccount,
  loginByPasskey,
  questionLimits,
} from './host/passkeys.ts'
import { changeMoving, movingPage } from './host/moving.ts'
import { changePeer, peerPage } from './host/peer.ts'
import { beginWithPeer, peersPage } from './host/peers.ts'
import { addToPeople, peoplePage } from './host/people.ts'
import { changePerson, personAdmin } from './host/person.ts'
import { receiptsPage } from './host/receipts.ts'
import { saveSettings, settingsPage } from './host/settings.ts'
import { setup, setupFirst, setupPage } from './host/setup.ts'
import { changeSecond, decideSecond, secondPage, secondsPage } from './host/second.ts'
import { trailCsv, trailPage } from './host/trail.ts'
import { type Show, shows } from './reading/find.ts'

const pages: Record<string, Show> = {
  '/setup': setupPage,
  '/login': loginPage,
  '/logout': logoutPage,
  '/host': hostFront,
  '/host/settings': settingsPage,
  '/host/people': peoplePage,
  '/host/people/:name': personAdmin,
  '/host/account': accountPage,
  '/host/peers': peersPage,
  '/host/peers/peer': peerPage,
  '/host/peers/blocks': blocksPage,
  '/host/peers/blocks.csv': blocksCsv,
  '/host/receipts': receiptsPage,
  '/host/trail': trailPage,
  '/host/care': carePage,
  '/host/backup': backupPage,
  '/host/doctor': doctorPage,
  '/host/moving': movingPage,
  '/host/keys': keysPage,
  '/host/export': exportPage,
  '/host/trail.csv': trailCsv,
  '/host/second': secondsPage,
  '/host/second/:id': secondPage,
  '/host/invitations': invitationsPage,
  '/host/handover': handoverPage,
  '/host/handover/sheet': handoverSheet,
  '/invite/:token': invitedPage,
}

const forms = (secret: string): Record<string, Show> => ({
  '/setup': setup(secret),
  '/login': login(secret),
  '/login/passkey': loginByPasskey(secret),
  '/login/passkey/challenge': askAtLogin,
  '/logout': logout,
  '/host/settings': saveSettings,
  '/host/people': addToPeople,
  '/host/people/:name': changePerson,
  '/host/account': changeAccount(secret),
  '/host/account/passkey': askOnAccount,
  '/host/backup': takeBackup,
  '/host/moving': changeMoving,
  '/host/export': sendExport,
  '/host/keys': changeKeys,
  '/host/second': changeSecond,
  '/host/second/:id': decideSecond,
  '/host/invitations': changeInvitations,
  '/host/handover': handOver,
  '/invite/:token': acceptInvitation(secret),
  '/invite/:token/passkey': askInvited,
  '/host/peers': beginWithPeer,
  '/host/peers/peer': changePeer,
  '/host/peers/admission': changeAdmission,
  '/host/peers/blocks': changeBlocks,
})

/** Where somebody might guess. */
const limits = (site: Site): Record<string, RequestHandler[]> => ({
  '/setup': setupLimits(site),
  '/login': loginLimits(site),
  '/login/passkey': answerLimits(site),
  '/login/passkey/challenge': questionLimits(site),
  '/host/account': [accountLimit(site)],
  '/host/account/passkey': [accountLimit(site)],
  '/host/backup': [accountLimit(site)],
})

export function hostPages(site: Site, secret: string): Router {
  const router = express.Router()
  router.use(setupFirst)
  router.use(['/setup', '/login', '/logout', '/invite', '/host'], neverKept)
  router.use('/invite', ...invitedLimits(site))
  for (const [path, handlers] of Object.entries(limits(site))) router.post(path, ...handlers)
  for (const [path, show] of Object.entries(pages)) router.get(path, shows(show))
  for (const [path, show] of Object.entries(forms(secret))) router.post(path, shows(show))
  return router
}

/** What only one person may see is kept by no cache, and gone from the browser after signing out. */
const neverKept: RequestHandler = (_req, res, next) => {
  res.set('cache-control', 'no-store')
  next()
}
