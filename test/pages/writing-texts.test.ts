/** Translations beside their original: written, fallen behind, incomplete, and what goes out of them. */
import { expect } from 'chai'
import type { Draft } from '../../content/model.ts'
import { outcomeId, versionId } from '../../federation/addresses.ts'
import { foundedServer } from '../help/community.ts'
import { endServers, testClock, type TestServer } from '../help/servers.ts'
import { signedIn } from '../help/signed-in.ts'
import { tokenIn, type Visitor } from '../help/visitor.ts'

const NEW = '/host/outcomes/new'

describe('translating an outcome', () => {
  let node: TestServer
  let boss: Visitor
  let slug = ''
  let path = ''
  let textPath = ''
  let made = 0

  before(async () => {
    node = await foundedServer('node', testClock())
    boss = await signedIn(node)
  })
  beforeEach(async () => {
    made += 1
    slug = `outcome-${made}`
    path = `/host/outcomes/${slug}`
    textPath = `${path}/texts/fr`
    const markdown = '1. Connect schools first.\n2. Share the cost.'
    await boss.fill(NEW, NEW, { title: slug, slug, language: 'en', markdown })
  })
  after(endServers)

  const draft = async () => (await node.site.store.get('drafts', outcomeId(node, slug))) as Draft
  const french = { title: 'Un', markdown: '1. Les écoles d’abord.\n2. Partager le coût.' }
  const translated = (fields = french) => boss.fill(textPath, textPath, fields)

  it('goes from the name of a language to its text beside the original', async () => {
    const add = (code: string) => boss.fill(path, `${path}/texts`, { code })
    const unknown = await add('Klingonese')
    expect(unknown.status).to.equal(400)
    expect(unknown.text).to.include('value="Klingonese"').and.include('id="f-l-code-error"')
    const page = await add('French')
    expect(page.url).to.equal(textPath)
    expect(page.text).to.include('Connect schools first.')
    expect((await add('en')).url).to.equal(path)
    await translated()
    expect((await draft()).texts.fr).to.include({ title: 'Un', standing: 'community' })
    expect((await draft()).texts.fr?.blocks.map(({ message }) => message)).to.deep.equal(
      (await draft()).statements.map(({ key }) => key),
    )
  })

  it('comes back filled when it has another number of messages', async () => {
    const page = await translated({ title: '', markdown: '1. Les écoles d’abord.' })
    expect(page.status).to.equal(400)
    expect(page.text).to.include('Les écoles d’abord.')
    const counted = await translated({ title: 'Un', markdown: '1. Les écoles d’abord.' })
    expect(counted.text).to.include('The translation has 1 messages, the original has 2')
    expect(counted.text).to.include('id="f-markdown-error"')
    expect((await draft()).texts.fr).to.equal(undefined)
    expect((await translated({ title: 'Un', markdown: ' ' })).text).to.include(
      'Please fill this in',
    )
  })

  it('is marked when its original changes, stays out of a version while messages are missing, and comes back', async () => {
    await translated()
    const typed = (await draft()).texts.en?.markdown ?? ''
    await boss.fill(path, path, { markdown: `${typed.trim()}\n3. Look at it again in 2028.` })
    const page = await boss.get(path)
    expect(page.text).to.include('Out of date').and.include('Lacks messages: 3')
    const step = `${path}/steps/open`
    const look = await boss.get(step)
    expect(look.text).to.include('Not in this version, since messages are missing in them: French')
    const sent = await boss.fill(step, step, { closesAt: '2027-05-03T23:59' })
    const rev = /name="rev" value="(\d+)"/.exec(sent.text)?.[1] ?? ''
    await boss.send(step, { closesAt: '2027-05-03T23:59', rev, do: 'go' }, tokenIn(sent.text))
    const version = await node.site.store.get('versions', versionId(outcomeId(node, slug), 1))
    expect(Object.keys(version?.texts ?? {})).to.deep.equal(['en'])
    await translated({ ...french, markdown: `${french.markdown}\n3. À revoir en 2028.` })
    expect((await boss.get(path)).text).not.to.include('Out of date')
    expect((await boss.get(`${path}/steps/revise`)).text).to.include('In: English and French')
  })

  it('keeps a message under its own key when the original’s messages change places', async () => {
    await translated()
    const [first, second] = (await draft()).statements.map(({ key }) => key)
    const text = `1. Share the cost. {#${second}}\n2. Connect schools first. {#${first}}`
    await boss.fill(path, path, { markdown: text })
    const block = (await draft()).texts.fr?.blocks.find(({ message }) => message === first)
    expect(block?.markdown).to.equal('Les écoles d’abord.')
  })

  it('does not write over another translator, nor lose what was typed', async () => {
    await translated()
    const { text } = await boss.get(textPath)
    const seen = /name="seen" value="(\w+)"/.exec(text)?.[1] ?? ''
    await translated({ ...french, title: 'Un autre' })
    await boss.fill(path, path, { summary: 'Another field' })
    const refused = await boss.send(
      textPath,
      { ...french, standing: 'official', seen },
      tokenIn(text),
    )
    expect(refused.status).to.equal(409)
    expect(refused.text).to.include('Un autre').and.include('Les écoles d’abord.')
    expect((await draft()).texts.fr?.title).to.equal('Un autre')
  })

  it('is taken out again, and its original may not take its language', async () => {
    await translated()
    const taken = await boss.fill(path, path, { language: 'fr' })
    expect(taken.status).to.equal(400)
    expect(taken.text).to.include('id="f-language-error"')
    await boss.fill(textPath, `${textPath}?do=remove`, {})
    expect(Object.keys((await draft()).texts)).to.deep.equal(['en'])
    await boss.fill(path, path, { language: 'fr' })
    expect((await draft()).language).to.equal('fr')
    expect(Object.keys((await draft()).texts)).to.deep.equal(['fr'])
  })
})
