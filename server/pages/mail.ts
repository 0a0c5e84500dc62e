/** What comes and goes by e-mail, and what is one's own: one line for each address. */
import express, { type RequestHandler, type Router } from 'express'
import type { Mailing } from '../mailing/mailing.ts'
import {
  confirmErasure,
  confirmErasurePage,
  erasePage,
  exportOwn,
  startErasure,
} from './mail/erase.ts'
import { confirm, confirmPage, follow, followPage } from './mail/follow.ts'
import { holdSetting, hostMail } from './mail/host.ts'
import { askForLink, join, joinPage, linkPage, useLink, useLinkPage } from './mail/join.ts'
import { change, exportSubscriber, managePage, stop, stopPage } from './mail/manage.ts'
import { changeOwn, editPage, ownPage, quiet, quietPage, saveSettings } from './mail/own.ts'
import { countAttempt, limited } from './host/login.ts'
import { type Show, shows } from './reading/find.ts'

type Pages = Record<string, Show>

const pages = (mailing: Mailing): Pages => ({
  '/follow/mail': followPage,
  '/follow/mail/confirm': confirmPage(mailing),
  '/follow/mail/manage': managePage(mailing),
  '/follow/mail/stop': stopPage(mailing),
  '/follow/mail/export': exportSubscriber(mailing),
  '/join': joinPage,
  '/login/link': linkPage,
  '/sign-in': useLinkPage(mailing),
  '/me': ownPage(mailing),
  '/me/contributions/:slug': editPage,
  '/me/quiet': quietPage(mailing),
  '/me/export': exportOwn(mailing),
  '/me/erase': erasePage,
  '/me/erase/confirm': confirmErasurePage(mailing),
  '/host/mail': hostMail(mailing),
})

const forms = (mailing: Mailing): Pages => ({
  '/follow/mail': follow(mailing),
  '/follow/mail/confirm': confirm(mailing),
  '/follow/mail/manage': change(mailing),
  '/follow/mail/stop': stop(mailing),
  '/join': join(mailing),
  '/login/link': askForLink(mailing),
  '/sign-in': useLink(mailing),
  '/me': saveSettings,
  '/me/contributions/:slug': changeOwn,
  '/me/quiet': quiet(mailing),
  '/me/erase': startErasure(mailing),
  '/me/erase/confirm': confirmErasure(mailing),
  '/host/mail': holdSetting,
})

/** Forms that send a letter to whatever address is typed: so many in a quarter of an hour from one place. */
const PER_CLIENT = 20
const sending = ['/follow/mail', '/join', '/login/link']

/** An aggregator has no participants of its own: there people only follow. */
const isHere = ({ site }: Mailing, path: string): boolean =>
  site.policy.publishes || path.startsWith('/follow/') || path === '/host/mail'

export function mailPages(mailing: Mailing): Router {
  const router = express.Router()
  const here = (all: Pages) => Object.entries(all).filter(([path]) => isHere(mailing, path))
  router.use(['/follow/mail', '/join', '/login/link', '/sign-in', '/me', '/host/mail'], neverKept)
  router.post(sending, limited(mailing.site, PER_CLIENT), counted)
  for (const [path, show] of here(pages(mailing))) router.get(path, shows(show))
  for (const [path, show] of here(forms(mailing))) router.post(path, shows(show))
  return router
}

/** Each letter counts, not only what was wrong. */
const counted: RequestHandler = (_req, res, next) => {
  countAttempt(res)
  next()
}

/** What only one person may see is kept by no cache. (A link in an address goes nowhere else: the policy for referrers is the site's own.) */
const neverKept: RequestHandler = (_req, res, next) => {
  res.set('cache-control', 'no-store')
  next()
}
