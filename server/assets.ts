/** The one stylesheet, put together from styles/*.css and named by its content; and the few scripts of public/. */
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import express, { type Router } from 'express'

const folder = new URL('./styles/', import.meta.url)

/** base.css first, then the areas by name. Comments and indentation stay at home. */
function readStyles(): string {
  const files = readdirSync(folder).filter((name) => name.endsWith('.css'))
  const ordered = ['base.css', ...files.filter((name) => name !== 'base.css').sort()]
  return ordered
    .map((name) => readFileSync(new URL(name, folder), 'utf8'))
    .join('\n')
    .replace(/\/\*[^*]*\*+(?:[^/*][^*]*\*+)*\//g, '')
    .replace(/\s*\n\s*/g, '\n')
    .replace(/\s*([{};])\s*/g, '$1')
    .replace(/(,|:) /g, '$1')
    .replace(/;}/g, '}')
}

const css = readStyles()
const version = createHash('sha256').update(css).digest('hex').slice(0, 12)

export const stylesheet = { path: `/assets/${version}.css`, text: css }

const scripts = new URL('./public/', import.meta.url)

/** A script of public/ by the address that changes with it. */
export function scriptPath(name: string): string {
  const text = readFileSync(new URL(name, scripts))
  return `/assets/${name}?${createHash('sha256').update(text).digest('hex').slice(0, 12)}`
}

export function assets(): Router {
  const router = express.Router()
  router.get(stylesheet.path, (_req, res) => {
    res
      .set('cache-control', 'public, max-age=31536000, immutable')
      .type('css')
      .send(stylesheet.text)
  })
  router.use('/assets', express.static(scripts.pathname, { maxAge: '1d', index: false }))
  return router
}
