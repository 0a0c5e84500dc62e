/** The initiative's own facts: changed here, told to everybody who follows. */
import { checked } from '../../../content/checked.ts'
import type { Initiative } from '../../../content/model.ts'
import { act } from '../../../content/moderation.ts'
import { type Mistake, Refusal } from '../../../content/refusal.ts'
import { groupId } from '../../../federation/addresses.ts'
import { publicKeysOf } from '../../../federation/keys.ts'
import { record } from '../../../federation/record.ts'
import { groupToActor } from '../../../federation/translate/actors.ts'
import { type Context, sendPage } from '../../context.ts'
import { form } from '../../forms.ts'
import { type Html, html } from '../../html.ts'
import { allowed } from '../../login.ts'
import { Founding, type WrittenFounding } from '../../setup.ts'
import type { Show } from '../reading/find.ts'
import { hostPage } from './frame.ts'
import { profileFields, readProfile, writtenProfile } from './profile.ts'
import { type Typed, typedIn } from './typed.ts'

export const settingsPage: Show = async (context, req, res) => {
  allowed(res, 'manage_initiative')
  const profile = profileIn(context)
  const typed = { ...writtenProfile(context, profile), rev: String(profile.rev) }
  showSettings(context, res, { typed, done: req.query.done })
}

/** Nothing behind the sign-in is there before setup. */
function profileIn({ profile }: Context): Initiative {
  if (!profile) throw new Refusal('missing', 'page')
  return profile
}

export const saveSettings: Show = async (context, req, res) => {
  const person = allowed(res, 'manage_initiative')
  const typed = typedIn(req)
  if (typed.do === 'languages') return showSettings(context, res, { typed })
  const { founding, mistakes } = await readProfile(context, typed)
  if (mistakes.length > 0) return showSettings(context, res, { typed, mistakes })
  const saved = await save(context, founding, Number(typed.rev), person.id)
  if (saved) return res.redirect(303, '/host/settings?done=saved')
  const now = await context.site.store.get('initiatives', groupId(context.site))
  showSettings(context, res, { typed, now: now ?? profileIn(context) })
}

/** Commit the facts and tell them; false when somebody else has saved since the form was opened. */
async function save(
  context: Context,
  founding: WrittenFounding,
  rev: number,
  by: string,
): Promise<boolean> {
  const { site } = context
  const { id, published } = profileIn(context)
  const at = site.now()
  const fields = checked(Founding, founding)
  const initiative: Initiative = { ...fields, id, local: true, published, updated: at, rev }
  const object = groupToActor(site, initiative, await publicKeysOf(site.store, id))
  const acts = [act(by, 'changed_profile', id, at)]
  try {
    const says = [{ verb: 'update' as const, actor: id, object }]
    await record(site, { put: { initiatives: [initiative], acts }, says })
    return true
  } catch (error) {
    if (error instanceof Refusal && error.reason === 'conflict') return false
    throw error
  }
}

interface Shown {
  typed: Typed
  mistakes?: Mistake[]
  /** What somebody else has saved meanwhile. */
  now?: Initiative
  done?: unknown
}

function showSettings(
  context: Context,
  res: Parameters<Show>[2],
  { typed, mistakes = [], now, done }: Shown,
): void {
  const { words } = context
  const title = words('host.nav.settings')
  const fields = profileFields(context, typed, true)
  const values = now ? { ...typed, rev: String(now.rev) } : typed
  const body = html`${now && changedMeanwhile(context, typed, now)}${form(context, {
    action: '/host/settings',
    fields: [...fields, { name: 'rev', label: '', kind: 'hidden' }],
    values,
    mistakes,
    submit: words('settings.submit'),
  })}`
  const status = now ? 409 : mistakes.length > 0 ? 400 : 200
  sendPage(res, hostPage(context, { title, body, here: 'settings', done }), status)
}

/** What stands there now, where it differs from what was typed: saving again puts the typed in its place. */
function changedMeanwhile(context: Context, typed: Typed, now: Initiative): Html {
  const { words } = context
  const stored = writtenProfile(context, now)
  const fields = profileFields(context, { ...stored, ...typed }, true)
  const different = fields.filter(({ name }) => (stored[name] ?? '') !== (typed[name] ?? '').trim())
  return html`<div class="mistakes" role="alert"><h2>${words('settings.conflict')}</h2>
<p>${words('settings.conflict_said')}</p>
<dl class="facts">${different.map(({ name, label }) => html`<dt>${label}</dt><dd><bdi>${stored[name] || '—'}</bdi></dd>`)}</dl></div>`
}
