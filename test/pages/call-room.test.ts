/** The rapporteur writes the messages of a session in a browser without scripts, and finds them in the one working copy. */
import { expect } from 'chai'
import type { Draft } from '../../content/model.ts'
import { expectFine } from '../help/accessibility.ts'
import { openBrowser } from '../help/browser.ts'
import { filledNode, host } from '../help/community.ts'
import { endServers, testClock, type TestServer } from '../help/servers.ts'
import { signedIn, signedInAs } from '../help/signed-in.ts'
import { type Visitor, visitor } from '../help/visitor.ts'

describe('the messages of a session', () => {
  let node: TestServer
  let rapporteur: Visitor
  let path: string

  before(async () => {
    node = await filledNode('coast', testClock())
    rapporteur = await signedInAs(node, 'rapporteur')
    const where = { type: 'session', local: 'true' }
    const [session] = await node.site.store.find('items', { where, limit: 1 })
    path = `/host${new URL(session?.id ?? '').pathname}/messages`
  })
  after(endServers)

  const draftNow = async (): Promise<Draft> => {
    const slug = `messages-${path.split('/')[3]}`
    const draft = await node.site.store.get('drafts', `${node.origin}/outcomes/${slug}`)
    if (!draft) throw new Error(`no draft ${slug}`)
    return draft
  }

  it('are typed into boxes and saved, one after the other', async function () {
    this.timeout(60_000)
    const browser = await openBrowser(this)
    const context = await browser.newContext({ locale: 'en', javaScriptEnabled: false })
    const page = await context.newPage()
    await page.goto(`${node.origin}/login?next=${encodeURIComponent(path)}`)
    await page.fill('[name=email]', host.email)
    await page.fill('[name=password]', host.password)
    await page.press('[name=password]', 'Enter')
    await page.goto(node.origin + path.replace('/host', '').replace('/messages', ''))
    await page.getByRole('link', { name: 'Write the messages of this session' }).click()
    await page.fill('[name=text-1]', '1. Keep the cables in common hands.')
    await page.selectOption('[name=consensus-1]', 'rough_consensus')
    await page.getByRole('button', { name: 'Save all messages' }).first().click()
    await page.getByText('1 message so far.').waitFor()
    await page.fill('[name=text-2]', 'Two of us would let the market do it.')
    await page.selectOption('[name=kind-2]', 'divergent_view')
    await page.getByRole('button', { name: 'Save all messages' }).last().click()
    await page.getByText('2 messages so far.').waitFor()
    await page.getByRole('link', { name: 'Slide for the room' }).click()
    await page.getByText('Keep the cables in common hands.').waitFor()
    await context.close()
    const said = (await draftNow()).statements.map(({ kind, consensus }) => `${kind} ${consensus}`)
    expect(said).to.deep.equal(['message rough_consensus', 'divergent_view none_recorded'])
  })

  it('keep their keys and what stands around them, whoever writes where', async () => {
    const before = await draftNow()
    const editor = path.replace(/sessions\/(.*)\/messages/, 'outcomes/messages-$1')
    const markdown = `## In short\n\nRead out in the room.\n\n${before.texts.en?.markdown ?? ''}`
    await rapporteur.fill(editor, editor, { markdown })
    await rapporteur.fill(path, path, { 'text-1': 'Keep all cables in common hands.' })
    const after = await draftNow()
    expect(after.texts.en?.markdown)
      .to.include('Read out in the room.')
      .and.to.include('all cables')
    expect(after.statements.map(({ key }) => key)).to.deep.equal(
      before.statements.map(({ key }) => key),
    )
    await rapporteur.fill(path, path, { 'text-2': '' })
    expect((await draftNow()).statements).to.have.length(1)
  })

  it('lose nothing when there is no message, or somebody else was faster', async () => {
    const empty = await rapporteur.fill(path, path, { 'text-1': '', 'kind-3': 'finding' })
    expect(empty.status).to.equal(400)
    expect(empty.text).to.include('Please fill this in')
    const fields = { 'text-1': 'Mine.', 'text-2': '<script>evil()</script>', seen: 'old' }
    const late = await rapporteur.fill(path, path, fields)
    expect(late.status).to.equal(409)
    expect(late.text).to.include('Somebody else has saved meanwhile').and.to.include('Mine.')
    expect(late.text).to.include('all cables').and.not.to.include('<script>evil')
  })

  it('may be more than five, with a plain warning', async () => {
    const many = Object.fromEntries(
      Array.from({ length: 5 }, (_, i) => [`text-${i + 1}`, `Statement ${i + 1} of the room.`]),
    )
    const five = await rapporteur.fill(path, path, many)
    expect(five.text).to.include('name="text-6"').and.not.to.include('That is allowed')
    const six = await rapporteur.fill(path, path, { 'text-6': 'One more.' })
    expect(six.text).to.include('6 messages so far.').and.to.include('That is allowed')
  })

  it('are for those who may write outcomes, of a session that is there', async () => {
    expect((await visitor(node.origin).get(path)).url).to.equal('/login')
    expect((await (await signedInAs(node, 'participant')).get(path)).status).to.equal(403)
    expect((await rapporteur.get('/host/sessions/nowhere/messages')).status).to.equal(404)
  })

  it('read well in Arabic, on a phone', async function () {
    this.timeout(60_000)
    const browser = await openBrowser(this)
    const reader = await signedIn(node, host, 'ar')
    const context = await browser.newContext({ viewport: { width: 360, height: 640 } })
    const cookies = [...reader.cookies].map(([name, value]) => ({ name, value, url: node.origin }))
    await context.addCookies(cookies)
    const page = await context.newPage()
    await page.goto(`${node.origin}${path}?lang=ar`)
    expect(await page.getAttribute('html', 'dir')).to.equal('rtl')
    await expectFine(page)
    await context.close()
  })
})
