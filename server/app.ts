/** The order in which a request meets us: headers, federation, who reads, pages, and one place for errors. */
import express, { type Express, type RequestHandler } from 'express'
import helmet from 'helmet'
import { serverRoutes } from '../federation/collections.ts'
import type { Site } from '../federation/site.ts'
import { groupId } from '../federation/addresses.ts'
import { assets } from './assets.ts'
import type { Context } from './context.ts'
import { contextOf, word } from './context.ts'
import { healthz } from './health.ts'
import { icons } from './icon.ts'
import { refusedAtTheDoor } from './door.ts'
import { checkForm, formToken, readLogin } from './login.ts'
import { nothingHere, onError } from './errors.ts'
import { type Metrics, metricsPage } from './metrics.ts'
import { watched } from './requests.ts'
import type { Mailing } from './mailing/mailing.ts'
import { importPages } from './pages/imports.ts'
import { gatheringPages } from './pages/gathering.ts'
import { hostPages } from './pages/host.ts'
import { mailPages } from './pages/mail.ts'
import { readingPages } from './pages/reading.ts'
import { searchPages } from './pages/search.ts'
import { writingPages } from './pages/writing.ts'
import { formerAddresses, oldAddresses, shortAddresses } from './redirects.ts'
import { readersZone } from './readers-zone.ts'
import { takesFile } from './uploads.ts'
import { languages, wordsFor } from './words.ts'

const FORM_BYTES_MAX = 2 * 1024 * 1024

export interface AppOptions {
  /** Signs logins. */
  secret: string
  proxies: number
  mailing: Mailing
  metrics: Metrics
  /** Whether anybody may read the metrics. */
  openMetrics: boolean
}

export function createApp(site: Site, options: AppOptions): Express {
  const { secret, mailing, proxies, metrics, openMetrics } = options
  const app = express()
  app.disable('x-powered-by')
  app.set('trust proxy', proxies)
  app.set('query parser', 'simple')
  app.use(watched(site, metrics))
  app.use(headers(site))
  app.use(icons(site))
  app.use(assets())
  app.use(refusedAtTheDoor)
  app.use(readersContext(mailing))
  app.use(healthz(site))
  app.use(metricsPage(site, metrics, openMetrics))
  app.use(serverRoutes(site))
  app.use(formerAddresses(site))
  if (site.policy.publishes) app.post('/host/import/file', takesFile('write_outcome'))
  app.use(express.urlencoded({ extended: false, limit: FORM_BYTES_MAX, parameterLimit: 5000 }))
  app.use(formsAreOurs)
  if (site.policy.publishes) app.get('/', shortAddresses(site))
  app.use(hostPages(site, secret))
  app.use(mailPages(mailing))
  if (site.policy.publishes) app.use(writingPages(site))
  if (site.policy.publishes) app.use(importPages())
  app.use(searchPages(site))
  app.use(site.policy.gathers ? gatheringPages(site) : readingPages(site))
  app.use(nothingHere)
  if (site.policy.publishes) app.use(oldAddresses(site))
  app.use(onError)
  return app
}

/** What every answer says about itself: no script but ours, nothing from elsewhere, never framed. */
function headers(site: Site): RequestHandler {
  const secure = site.origin.startsWith('https:')
  return helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        styleSrc: ["'self'", "'unsafe-inline'"],
        scriptSrc: ["'self'"],
        imgSrc: ["'self'", 'data:'],
        formAction: ["'self'"],
        connectSrc: ["'self'"],
        baseUri: ["'none'"],
        frameAncestors: ["'none'"],
        ...(secure ? { upgradeInsecureRequests: [] } : {}),
      },
    },
    strictTransportSecurity: secure && { maxAge: 31_536_000 },
    crossOriginResourcePolicy: false,
    referrerPolicy: { policy: 'same-origin' },
  })
}

/** Language, initiative and login of whoever asks. */
function readersContext({ site, secret, post }: Mailing): RequestHandler {
  return async (req, res, next) => {
    const asked = word(req, 'lang')
    const chosen = languages.find((language) => language === asked)
    const [login, profile] = await Promise.all([
      readLogin(req, site.store, { origin: site.origin, secret, at: site.now() }),
      site.store.get('initiatives', groupId(site)),
    ])
    const preferred = login?.person.language ?? (req.acceptsLanguages(languages) || 'en')
    const zone = readersZone(req, site.origin)
    const context: Context = {
      site,
      words: wordsFor(chosen ?? preferred),
      token: login ? formToken(login.jti, secret) : '',
      path: req.originalUrl,
      chosen: chosen !== undefined,
      mails: post !== undefined,
      ...(zone ? { zone } : {}),
      ...(profile ? { profile } : {}),
      ...(login ? { person: login.person, login: login.id } : {}),
    }
    res.locals.context = context
    next()
  }
}

const formsAreOurs: RequestHandler = (req, res, next) => {
  if (req.method === 'POST') checkForm(req, contextOf(res))
  next()
}
