/** The Secretariat's side of the directory: applications, adding an initiative by its address, what is said about each. */
import type { Request, Response } from 'express'
import * as z from 'zod'
import { checked } from '../../../content/checked.ts'
import type { Initiative } from '../../../content/model.ts'
import { RegistryEntry } from '../../../content/parties.ts'
import { type Mistake, Refusal } from '../../../content/refusal.ts'
import { findByAddress } from '../../../federation/discovery.ts'
import { fetchDocument } from '../../../federation/documents.ts'
import { setStanding } from '../../../federation/follow.ts'
import { actorToInitiative } from '../../../federation/translate/actors.ts'
import { type Context, sendPage, word } from '../../context.ts'
import { form } from '../../forms.ts'
import { type Html, html, type Value } from '../../html.ts'
import { allowed } from '../../login.ts'
import { hostPage } from '../host/frame.ts'
import { day } from '../parts/dates.ts'
import { entries, localized } from '../parts/entries.ts'
import { initiativePlace, own } from '../parts/links.ts'
import { initiativeFacts } from '../reading/about.ts'
import type { Show } from '../reading/find.ts'
import { type Listed, listedInitiatives, pullWord } from './health.ts'

export const registryPage: Show = async (context, req, res) => {
  allowed(res, 'manage_registry')
  await show(context, res, { done: req.query.done })
}

interface Shown {
  above?: Html
  address?: string
  mistakes?: Mistake[]
  /** What has just been done. */
  done?: unknown
}

/** The whole page; above it what was found, or the mistakes of the form that looks for an address. */
async function show(
  context: Context,
  res: Response,
  { above, address = '', mistakes = [], done }: Shown = {},
): Promise<void> {
  const { site, words } = context
  const all = await listedInitiatives(site)
  const applied = all.filter(({ registry }) => registry?.standing === 'applied')
  const others = all.filter((each) => !applied.includes(each))
  const title = words('registry.title')
  const body = html`${above}
<h2>${words('registry.applications')}</h2>
${applied.length > 0 ? entries(applied.map((each) => entry(context, each))) : html`<p class="soft">${words('registry.no_applications')}</p>`}
<h2 id="add">${words('registry.add')}</h2>
${form(context, {
  action: '/host/registry/look-up',
  fields: [
    {
      name: 'address',
      label: words('registry.address'),
      hint: words('registry.address_hint'),
      required: true,
      dir: 'ltr',
      autocomplete: 'off',
    },
  ],
  values: { address },
  mistakes,
  submit: words('registry.look_up'),
})}
<h2>${words('initiatives.title')}</h2>
${others.length > 0 ? entries(others.map((each) => entry(context, each))) : html`<p class="soft">${words('initiatives.none')}</p>`}`
  sendPage(
    res,
    hostPage(context, { title, body, here: 'registry', done }),
    mistakes.length > 0 ? 400 : 200,
  )
}

/** What may be said next of an initiative. */
const next: Record<RegistryEntry['standing'], RegistryEntry['standing'][]> = {
  applied: ['listed', 'declined'],
  listed: ['dormant', 'delisted'],
  dormant: ['listed', 'delisted'],
  delisted: ['listed'],
  declined: ['listed'],
}

function entry(context: Context, { initiative, registry, pull }: Listed): Html {
  const { words } = context
  const { id, name } = initiative
  const standing = registry?.standing
  const said = html`<h3>${pull ? html`<a href="${initiativePlace(id)}">${localized(words, name)}</a>` : localized(words, name)}</h3>
<p class="soft">${words(`registry.${standing ?? 'followed'}`)}${registry && html` · ${day(words, registry.at)}`} · ${pullWord(words, pull)} · ${own(id)}</p>`
  const choices = standing ? next[standing] : (['listed'] as const)
  return html`${said}<details><summary>${words('registry.change')}</summary>${form(context, {
    action: '/host/registry/standing',
    fields: [
      { name: 'id', label: '', kind: 'hidden' },
      {
        name: 'standing',
        label: words('registry.standing'),
        kind: 'select',
        required: true,
        options: choices.map((value) => ({ value, label: words(`registry.to_${value}`) })),
      },
      {
        name: 'note',
        label: words('registry.note'),
        hint: words('registry.note_hint'),
        dir: 'auto',
      },
    ],
    values: { id },
    submit: words('registry.save'),
  })}</details>`
}

/** Show what is at an address before anything is done. */
export const lookUp: Show = async (context, req, res) => {
  allowed(res, 'manage_registry')
  const address = word(req, 'address') ?? ''
  try {
    const initiative = await found(context, address)
    await show(context, res, { above: preview(context, initiative), address })
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    const { sentence, values } = error
    await show(context, res, { address, mistakes: [{ field: 'address', sentence, values }] })
  }
}

async function found({ site }: Context, address: string): Promise<Initiative> {
  if (address.trim() === '') throw new Refusal('invalid', 'field.required')
  const actor = await findByAddress(site, address)
  const initiative = actorToInitiative(await fetchDocument(site, actor.id), site.now())
  if (!initiative) throw new Refusal('invalid', 'discovery.actor')
  return initiative
}

function preview(context: Context, initiative: Initiative): Html {
  const { words } = context
  const said: Value = html`<h2>${words('registry.found')}</h2>
<h3>${localized(words, initiative.name)}</h3>${initiativeFacts(context, initiative)}<p class="code"><bdi>${initiative.id}</bdi></p>`
  return html`<section class="note">${said}${form(context, {
    action: '/host/registry/list',
    fields: [
      { name: 'id', label: '', kind: 'hidden' },
      {
        name: 'note',
        label: words('registry.note'),
        hint: words('registry.note_hint'),
        dir: 'auto',
      },
    ],
    values: { id: initiative.id },
    submit: words('registry.list'),
  })}</section>`
}

const Said = z.object({
  id: z.url(),
  standing: RegistryEntry.shape.standing.exclude(['applied']),
  note: z.string().max(2000).default(''),
})

/** List and follow what was found. */
export const listFound: Show = async (context, req, res) => {
  const { id: by } = allowed(res, 'manage_registry')
  const { id, note } = checked(Said, { ...fields(req), standing: 'listed' })
  await setStanding(context.site, id, 'listed', { by, note })
  res.redirect(303, '/host/registry?done=saved')
}

/** Another standing; the record says by whom and why. */
export const changeStanding: Show = async (context, req, res) => {
  const { id: by } = allowed(res, 'manage_registry')
  const { id, standing, note } = checked(Said, fields(req))
  const held = await context.site.store.get('registry', id)
  const known = held ?? (await context.site.store.get('initiatives', id))
  if (!known) throw new Refusal('missing', 'page')
  const allowedNext: readonly string[] = held ? next[held.standing] : ['listed']
  if (!allowedNext.includes(standing)) {
    throw new Refusal('conflict', 'registry.step', {
      from: held?.standing ?? 'followed',
      to: standing,
    })
  }
  await setStanding(context.site, id, standing, { by, note })
  res.redirect(303, '/host/registry?done=saved')
}

const fields = (req: Request) => ({
  id: word(req, 'id'),
  standing: word(req, 'standing'),
  note: word(req, 'note') ?? '',
})
