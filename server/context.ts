/** What every page knows of the request it answers. */
import type { Request, Response } from 'express'
import type { Initiative } from '../content/model.ts'
import type { Person } from '../content/parties.ts'
import type { Site } from '../federation/site.ts'
import { type Html, Html as HtmlText } from './html.ts'
import type { Words } from './words.ts'

export interface Context {
  site: Site
  words: Words
  /** The initiative (or aggregator) of this server; absent before setup. */
  profile?: Initiative
  /** Who is logged in. */
  person?: Person
  /** What their login is called in the store. */
  login?: string
  /** Hidden field of every form that changes something. */
  token: string
  /** Path and query of this page. */
  path: string
  /** The language was chosen in the address, so that links must keep it. */
  chosen: boolean
  /** The zone whose clocks the reader wants to see, where they said so. */
  zone?: string
  /** This server sends e-mail. */
  mails: boolean
}

export function contextOf(res: Response): Context {
  return res.locals.context as Context
}

/** The text of an initiative's own field in the reader's language, or whatever there is. */
export function inWords(text: Record<string, string>, { language }: Words): string {
  return text[language] ?? text.en ?? Object.values(text)[0] ?? ''
}

/** The language of what `inWords` answers, for `lang`. */
export function languageIn(text: Record<string, unknown>, { language }: Words): string {
  return language in text ? language : 'en' in text ? 'en' : (Object.keys(text)[0] ?? 'und')
}

/** Send a page. Links inside the site keep the language that was chosen in the address. */
export function sendPage(res: Response, page: Html, status = 200): void {
  const { chosen, words } = contextOf(res)
  const text = chosen ? keepLanguage(page.text, words.language) : page.text
  res.status(status).type('html').vary('Accept').vary('Accept-Language').send(text)
}

/** A word from the query or the body, when it is one. */
export function word(req: Request, name: string): string | undefined {
  const body = req.body as Record<string, unknown> | undefined
  const value = req.query[name] ?? body?.[name]
  return typeof value === 'string' && value !== '' ? value : undefined
}

const hidden = (language: string) =>
  new HtmlText(`<input type="hidden" name="lang" value="${language}">`).text

function keepLanguage(page: string, language: string): string {
  return page
    .replace(/ href="(\/[^"#]*)(#[^"]*)?"/g, (whole, path: string, hash = '') =>
      /[?&]lang=|^\/assets\//.test(path) ? whole : ` href="${withLanguage(path, language)}${hash}"`,
    )
    .replace(/<form (?![^>]*method="post")[^>]*>/g, (form) => form + hidden(language))
    .replace(
      / action="(\/[^"]*)"/g,
      (_, path: string) => ` action="${withLanguage(path, language)}"`,
    )
}

const withLanguage = (path: string, language: string) =>
  `${path}${path.includes('?') ? '&amp;' : '?'}lang=${language}`
