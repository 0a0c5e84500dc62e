/** The proof of an outcome: what was signed, by which key, where it stands in the log, and how to check it without us. */
import type { Version } from '../../../content/model.ts'
import { groupId } from '../../../federation/addresses.ts'
import { type Context, sendPage } from '../../context.ts'
import { type Html, html } from '../../html.ts'
import { page } from '../../layout.ts'
import { checkSteps } from '../parts/check.ts'
import { moment } from '../parts/dates.ts'
import { localized } from '../parts/entries.ts'
import { hostOf, own, pathOf } from '../parts/links.ts'
import { seal } from '../parts/seal.ts'
import { outcomeOf, type Show, versionOf } from './find.ts'

export const proofPage: Show = async (context, req, res) => {
  const { site, words } = context
  const outcome = await outcomeOf(site, req)
  const version = await versionOf(site, outcome)
  const { size, root } = await site.store.head()
  const path = pathOf(outcome.id)
  const title = words('proof.title')
  const body = html`<p class="soft"><a href="${path}">${localized(words, outcome.title)}</a></p>
<h1>${title}</h1>
${seal(words, { verification: version.verification, host: hostOf(outcome.id), href: '#check' })}
<p>${words('proof.intro')}</p>
${await facts(context, version)}
<h2>${words('proof.log')}</h2>
<p>${words('proof.log_said')}</p>
<dl class="facts"><dt>${words('proof.log_size')}</dt><dd>${words.number(size)}</dd>
<dt>${words('proof.log_root')}</dt><dd class="code"><bdi>${root}</bdi></dd></dl>
<h2 id="check">${words('check.title')}</h2>
${checkSteps(words, version.id)}
<p>${words('check.compare')}</p>`
  sendPage(res, page(context, { title, body, here: 'outcomes' }))
}

async function facts({ site, words }: Context, version: Version): Promise<Html> {
  const method = methodOf(version)
  const keys = await site.store.find('keys', { where: { owner: groupId(site), kind: 'ed25519' } })
  const key = keys.find((each) => each.id === method)
  return html`<dl class="facts">
<dt>${words('facts.version')}</dt><dd>${words.number(version.version)} · ${moment(words, version.at)}</dd>
<dt>${words('facts.digest')}</dt><dd class="code"><bdi>${version.digest}</bdi></dd>
${version.previous !== undefined && html`<dt>${words('facts.previous')}</dt><dd class="code"><bdi>${version.previous}</bdi></dd>`}
<dt>${words('proof.suite')}</dt><dd>${own('eddsa-jcs-2022')}</dd>
${method && html`<dt>${words('proof.method')}</dt><dd class="code"><bdi>${method}</bdi></dd>`}
${key?.multibase !== undefined && html`<dt>${words('proof.key')}</dt><dd class="code"><bdi>${key.multibase}</bdi>${key.until !== undefined && html`<br>${words('proof.key_until')} ${moment(words, key.until)}`}</dd>`}
${version.seq !== undefined && html`<dt>${words('proof.position')}</dt><dd>${words.number(version.seq)}</dd>`}
<dt>${words('proof.object')}</dt><dd class="code"><a href="${pathOf(version.id)}"><bdi>${version.id}</bdi></a></dd>
</dl>`
}

/** The verification method that the signed object names. */
function methodOf({ verification, wire }: Version): string | undefined {
  const object =
    wire === '' ? {} : (JSON.parse(wire) as { proof?: { verificationMethod?: string } })
  return verification.method ?? object.proof?.verificationMethod
}
