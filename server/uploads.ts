/** A file that a host sends: written to disk as it comes, never into memory, and never before it is known who sends it. */
import { randomUUID } from 'node:crypto'
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import type { Request, RequestHandler, Response } from 'express'
import { Refusal } from '../content/refusal.ts'
import type { Verb } from '../content/rights.ts'
import type { Site } from '../federation/site.ts'
import { settingsOf } from './config.ts'
import { contextOf } from './context.ts'
import { makeFolder } from './folder.ts'
import { allowed, checkForm } from './login.ts'

/** The refusal `import.file_too_large` names it. */
export const UPLOAD_BYTES_MAX = 100 * 1024 * 1024
const limits = {
  fileSize: UPLOAD_BYTES_MAX,
  files: 1,
  fields: 5,
  fieldSize: 10_000,
  fieldNameSize: 100,
  parts: 6,
}

/** Where files lie until they have been read. */
export const uploadFolder = (site: Site): string => join(settingsOf(site).data, 'uploads')
export const uploadAt = (site: Site, id: string): string => join(uploadFolder(site), id)

/**
 * Take one file from whoever may do this: `req.file` names it below `uploadFolder`. Login, right and form token
 * are looked at before its first byte is written. Refusal `too_large` beyond the limit: nothing of it stays.
 */
export const takesFile =
  (verb: Verb): RequestHandler =>
  async (req, res, next) => {
    allowed(res, verb)
    await received(req, res)
    next()
  }

async function received(req: Request, res: Response): Promise<void> {
  const context = contextOf(res)
  const { default: multer } = await import('multer')
  const folder = uploadFolder(context.site)
  makeFolder(folder)
  const storage = multer.diskStorage({
    destination: folder,
    filename: (_req, _file, done) => done(null, randomUUID()),
  })
  const take = multer({
    storage,
    limits,
    fileFilter: (_req, _file, done) => {
      const refusal = refusalIn(() => checkForm(req, context))
      if (refusal) done(refusal)
      else done(null, true)
    },
  }).single('file')
  await new Promise<void>((resolve, reject) => {
    take(req, res, (error: unknown) => (error ? reject(refusalOf(error)) : resolve()))
  })
}

function refusalIn(check: () => void): Refusal | undefined {
  try {
    return void check()
  } catch (error) {
    if (error instanceof Refusal) return error
    throw error
  }
}

const isMulters = (error: Error) =>
  error.name === 'MulterError' || /multipart|form/i.test(error.message)

/** What the reader of forms says, in our words; trouble with the disk stays itself. */
function refusalOf(error: unknown): unknown {
  if (error instanceof Refusal || !(error instanceof Error)) return error
  const code: unknown = Reflect.get(error, 'code')
  if (code === 'LIMIT_FILE_SIZE') return new Refusal('too_large', 'import.file_too_large')
  if (code === 'ENOSPC') return new Refusal('unavailable', 'store.unwritable', { path: 'uploads' })
  return isMulters(error) ? new Refusal('invalid', 'request') : error
}

/** Gone once it has been read, or was not wanted. */
export const dropUpload = (site: Site, id: string): void =>
  rmSync(uploadAt(site, id), { force: true })
