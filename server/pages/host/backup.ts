/** A copy of everything, to take home: for a host who gives their password once more, since it holds every key. */
import { createReadStream, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import type { Response } from 'express'
import { act } from '../../../content/moderation.ts'
import type { Person } from '../../../content/parties.ts'
import type { Mistake } from '../../../content/refusal.ts'
import type { Site } from '../../../federation/site.ts'
import {
  backupFolder,
  backupName,
  backupsIn,
  copyEverything,
  hoursSince,
  lastBackup,
} from '../../backups.ts'
import { settingsOf } from '../../config.ts'
import { type Context, sendPage } from '../../context.ts'
import { form } from '../../forms.ts'
import { makeFolder } from '../../folder.ts'
import { type Html, html } from '../../html.ts'
import { allowed } from '../../login.ts'
import { moment } from '../parts/dates.ts'
import { own } from '../parts/links.ts'
import type { Show } from '../reading/find.ts'
import { hostPage } from './frame.ts'
import { ownPassword, proveOneself } from './oneself.ts'
import { typedIn, wrongIn } from './typed.ts'

export const backupPage: Show = async (context, _req, res) => {
  const person = allowed(res, 'manage_initiative')
  await showBackups(context, res, person, [])
}

/** Streamed from a copy that is made for it and dropped after it; whoever goes away meanwhile ends it. */
export const takeBackup: Show = async (context, req, res) => {
  const person = allowed(res, 'manage_initiative')
  const { site } = context
  const typed = typedIn(req)
  const mistakes = await wrongIn(() =>
    proveOneself(context, res, person, { field: 'present', typed }),
  )
  if (mistakes.length > 0) return showBackups(context, res, person, mistakes)
  const at = site.now()
  const copy = await freshCopy(site, at)
  try {
    await site.store.commit({ put: { acts: [act(person.id, 'took_backup', site.origin, at)] } })
    res.attachment(backupName(at)).type('application/vnd.sqlite3')
    res.set('content-length', String(statSync(copy).size))
    await pipeline(createReadStream(copy), res).catch(() => undefined)
  } finally {
    rmSync(copy, { force: true })
  }
}

async function freshCopy(site: Site, at: string): Promise<string> {
  const folder = backupFolder(settingsOf(site).data)
  makeFolder(folder)
  const copy = join(folder, `.taken-${at.replaceAll(/\D/g, '')}`)
  rmSync(copy, { force: true })
  await copyEverything(site, copy)
  return copy
}

async function showBackups(
  context: Context,
  res: Response,
  person: Person,
  mistakes: Mistake[],
): Promise<void> {
  const { words, site } = context
  const { data, backups = 0 } = settingsOf(site)
  const held = backupsIn(data)
  const title = words('backup.title')
  const body = html`<p class="lead">${words('backup.said')}</p>
${await backupAge(context)}
<p>${backups > 0 ? words('backup.kept', { count: backups }) : words('backup.off')}</p>
${held.length > 0 && html`<ul class="entries">${held.map(({ name, bytes }) => html`<li>${own(name)}<p class="soft">${words('backup.bytes', { count: bytes })}</p></li>`)}</ul>`}
<h2>${words('backup.take')}</h2><p class="note">${words('backup.holds_keys')}</p>
${form(context, {
  action: '/host/backup',
  fields: ownPassword(context, person, 'present'),
  values: {},
  mistakes,
  submit: words('backup.submit'),
})}`
  sendPage(res, hostPage(context, { title, body, here: 'care' }), mistakes.length > 0 ? 400 : 200)
}

const OLD_HOURS = 48

/** When everything was last copied, and that it is too long ago where it is. */
export async function backupAge({ words, site }: Context): Promise<Html> {
  const at = await lastBackup(site)
  if (!at) return html`<p class="note">${words('backup.never')}</p>`
  const old = hoursSince(site, at) >= OLD_HOURS
  return html`<p${old && html` class="note"`}>${words.rich('backup.last', { moment: moment(words, at) })}${
    old && html` ${words('backup.old')}`
  }</p>`
}

/** The same for the host's front page, with the way to the page. */
export const backupLine = async (context: Context): Promise<Html> =>
  html`<h2><a href="/host/backup">${context.words('backup.title')}</a></h2>${await backupAge(context)}`
