/** The frame around every page. */
import type { Context } from './context.ts'
import { inWords } from './context.ts'
import { may } from '../content/rights.ts'
import { type Html, html, type Value } from './html.ts'
import { accentStyle } from './accent.ts'
import { stylesheet } from './assets.ts'
import { iconLink } from './icon.ts'
import { languages } from './words.ts'

export interface Feed {
  type: 'application/atom+xml' | 'application/rss+xml' | 'application/feed+json'
  href: string
  title: string
}

export interface PageParts {
  title: string
  body: Html
  description?: string
  feeds?: Feed[]
  /** A style of this page alone. */
  head?: Html
  /** Shown in the navigation as where the reader is. */
  here?: string
}

export function page(context: Context, parts: PageParts): Html {
  const { words, profile } = context
  const name = profile ? inWords(profile.name, words) : 'Tributary'
  return html`<!doctype html>
<html lang="${words.language}" dir="${words.dir}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${parts.title === name ? name : `${parts.title} – ${name}`}</title>
${parts.description && html`<meta name="description" content="${parts.description}">`}
<link rel="stylesheet" href="${stylesheet.path}">
${iconLink(profile)}
${profile && accentStyle(profile.accent)}
${(parts.feeds ?? []).map(feedLink)}
${parts.head}
</head>
<body>
<a class="skip" href="#main">${words('layout.skip')}</a>
${header(context, name, parts.here)}
<main id="main" tabindex="-1">${parts.body}</main>
${footer(context)}
</body>
</html>`
}

const feedLink = ({ type, href, title }: Feed): Value =>
  html`<link rel="alternate" type="${type}" href="${href}" title="${title}">`

function header(context: Context, name: string, here: string | undefined): Html {
  const { words, site, person, profile } = context
  const places = site.policy.gathers
    ? ['outcomes', 'initiatives', 'search', 'about']
    : ['outcomes', 'meetings', 'discussions', 'search', 'about']
  return html`<header class="top"><div class="inner">
<a class="name" href="/">${name}</a>
${
  profile &&
  html`<nav aria-label="${words('layout.navigation')}"><ul>
${places.map((place) => navigation(words(`layout.${place}`), `/${place}`, here === place))}
${may(person, 'see_host_pages') && navigation(words('layout.host'), '/host', here === 'host')}
</ul></nav>`
}</div></header>`
}

const navigation = (text: string, href: string, current: boolean): Html =>
  html`<li><a href="${href}"${current && html` aria-current="page"`}>${text}</a></li>`

function footer(context: Context): Html {
  const { words, path } = context
  return html`<footer class="bottom"><div class="inner">
<nav aria-label="${words('layout.languages')}"><ul class="languages">
${languages.map((language) => languageLink(path, language, words.language))}
</ul></nav>
<p>${words('layout.made_with')}${moderated(context)}${signedIn(context)}</p>
</div></footer>`
}

/** Whoever publishes says what was taken from its pages. */
function moderated({ words, site, profile }: Context): Html | false {
  if (!profile || !site.policy.publishes) return false
  return html` · <a href="/moderation">${words('moderation.record')}</a>`
}

/** Before setup there is nobody who could sign in. */
function signedIn({ words, person, profile, site }: Context): Html | false {
  if (!profile) return false
  if (!person) return html` · <a href="/login">${words('layout.login')}</a>`
  const own = may(person, 'see_host_pages') || !site.policy.publishes ? '/host/account' : '/me'
  return html` · <a href="${own}"><bdi>${person.name}</bdi></a> · <a href="/logout">${words('layout.logout')}</a>`
}

function languageLink(path: string, language: string, current: string): Html {
  const url = new URL(path, 'http://x')
  url.searchParams.set('lang', language)
  const name = new Intl.DisplayNames([language], { type: 'language' }).of(language) ?? language
  return html`<li><a href="${url.pathname + url.search}" lang="${language}" hreflang="${language}"${
    language === current && html` aria-current="true"`
  }>${name}</a></li>`
}
