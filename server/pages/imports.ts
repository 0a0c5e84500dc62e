/** Bringing in what is elsewhere, and its old addresses: one line for each address. */
import express, { type Router } from 'express'
import { changeImport } from './imports/change.ts'
import { importPage } from './imports/look.ts'
import { changeRedirects, redirectsPage } from './imports/redirects.ts'
import { rowForm, saveRow } from './imports/row.ts'
import { beginFromFile, beginImport, startPage } from './imports/start.ts'
import { type Show, shows } from './reading/find.ts'

const pages: Record<string, Show> = {
  '/host/import': startPage,
  '/host/import/:job': importPage,
  '/host/import/:job/:number': rowForm,
  '/host/redirects': redirectsPage,
}

/** `file` stands before what takes any word; server/app.ts has taken the file itself by then. */
const forms: Record<string, Show> = {
  '/host/import': beginImport,
  '/host/import/file': beginFromFile,
  '/host/import/:job': changeImport,
  '/host/import/:job/:number': saveRow,
  '/host/redirects': changeRedirects,
}

export function importPages(): Router {
  const router = express.Router()
  for (const [path, show] of Object.entries(pages)) router.get(path, shows(show))
  for (const [path, show] of Object.entries(forms)) router.post(path, shows(show))
  return router
}
