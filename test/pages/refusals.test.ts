/** What is refused is said in the reader's words: no state goes by the name the program has for it. */
import { expect } from 'chai'
import type { Contribution, Item } from '../../content/model.ts'
import { decide } from '../../content/moderation.ts'
import { take } from '../../content/outcomes.ts'
import { Refusal } from '../../content/refusal.ts'
import { groupId, outcomeId } from '../../federation/addresses.ts'
import { refusalText } from '../../server/refusals.ts'
import { languages, wordsFor } from '../../server/words.ts'
import { filledNode } from '../help/community.ts'
import { endServers, type TestServer } from '../help/servers.ts'
import { fromElsewhere, signedIn } from '../help/signed-in.ts'
import { tokenIn } from '../help/visitor.ts'

const SLUG = 'data-for-fishing-communities'

function refusalOf(act: () => unknown): Refusal {
  try {
    act()
  } catch (error) {
    if (error instanceof Refusal) return error
    throw error
  }
  throw new Error('it was not refused')
}

describe('a refusal', () => {
  let node: TestServer
  before(async () => {
    node = await filledNode()
  })
  after(endServers)

  const by = () => ({ by: 'Noor', actor: groupId(node.site), at: node.site.now(), reason: 'x' })

  it('names the states of an outcome as its page does, in every language', async () => {
    const draft = await node.site.store.get('drafts', outcomeId(node, SLUG))
    if (!draft) throw new Error('no such outcome')
    const open = { ...draft, state: 'open_for_comment' as const }
    const refusal = refusalOf(() => take(open, 'present', {}, by()))
    for (const language of languages) {
      const words = wordsFor(language)
      const said = refusalText(words, refusal)
      expect(said, language).to.include(words('state.open_for_comment'))
      expect(said, language).to.include(words('state.presented'))
      expect(said, language).not.to.match(/open_for_comment|presented\b/)
    }
  })

  it('names what was decided about a contribution, and the standing of an initiative, in every language', async () => {
    const about = (await node.site.store.get('items', outcomeId(node, SLUG))) as Item
    const id = await fromElsewhere(node.site, 'ines', about, { visibility: 'removed' })
    const item = (await node.site.store.get('items', id)) as Contribution
    const refusals = [
      refusalOf(() => decide(item, 'shown', by())),
      new Refusal('conflict', 'registry.step', { from: 'dormant', to: 'declined' }),
    ]
    for (const language of languages.filter((each) => each !== 'en'))
      for (const refusal of refusals)
        expect(refusalText(wordsFor(language), refusal), language).not.to.match(
          /removed|shown|dormant|declined/,
        )
  })

  it('leaves what is no state as it is, whatever it is called', () => {
    const values = { from: 'constructor', to: '__proto__' }
    const said = refusalText(wordsFor('en'), { sentence: 'outcome.step', values })
    expect(said).to.include('constructor').and.include('__proto__')
    const named = refusalText(wordsFor('en'), {
      sentence: 'follow.unknown',
      values: { address: 'draft' },
    })
    expect(named).to.include('draft')
  })

  it('is read on the page in Arabic', async () => {
    const about = (await node.site.store.get('items', outcomeId(node, SLUG))) as Item
    const id = await fromElsewhere(node.site, 'noura', about, { visibility: 'removed' })
    const boss = await signedIn(node)
    const token = tokenIn((await boss.get('/host/account')).text)
    const fields = { do: 'shown', id, view: 'shown' }
    const answer = await boss.send('/host/contributions?lang=ar', fields, token)
    expect(answer.status).to.equal(409)
    const words = wordsFor('ar')
    expect(answer.text).to.include(words('visibility.removed')).and.not.include('removed')
  })
})
