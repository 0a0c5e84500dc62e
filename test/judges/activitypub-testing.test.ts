/** activitypub-testing judges our actors: every rule that applies to a server without clients of its own passes. */
import { expect } from 'chai'
import { groupId, serverId } from '../../federation/addresses.ts'
import { filledNode } from '../help/community.ts'
import { endServers, type TestServer } from '../help/servers.ts'
import { endJudges, type Judge, startJudge } from './judge.ts'

const passed = 'passed'
const noClients = 'writing to an outbox is for clients, and here people write on pages'

/** What each rule comes to, or why it does not apply. A rule that is new to us fails the test. */
const rules: Record<string, string> = {
  'actor-must-serve-as2-object-to-get': passed,
  'actor-objects-must-have-inbox-outbox-properties': passed,
  'outbox-must-be-an-orderedcollection': passed,
  'followers-collection-must-be-a-collection': passed,
  'following-collection-must-be-a-collection': passed,
  'inbox-must-be-an-orderedcollection': 'nobody may read an inbox, so none is served',
  'liked-collection-must-be-a-collection': 'actors here like nothing, and have no such collection',
  'likes-collection-must-be-a-collection': 'an actor is not liked here',
  'shares-collection-must-be-a-collection': 'an actor is not shared here',
  'outbox-post-must-accept-non-activity-object': noClients,
  'outbox-post-servers-must-return-a-201-created-http-code': noClients,
  'outbox-wraps-object-with-create-checked-using-get-location': noClients,
  'post-outbox-server-overwrites-id-property': noClients,
  'outbox-post-server-adds-to-outbox-collection-checked-by-outbox-get': noClients,
  'create-then-update-modifies-object-checked-by-get': noClients,
}

describe('judged by activitypub-testing', () => {
  let judge: Judge
  let node: TestServer

  before(async function () {
    judge = await startJudge(this, 'activitypub-testing')
    node = await filledNode()
  })
  after(async () => {
    await endJudges()
    await endServers()
  })

  it('every rule that applies passes for the initiative, the server and a participant', async () => {
    const [person] = await node.site.store.find('people', { limit: 1 })
    for (const actor of [groupId(node.site), serverId(node.site), person?.id ?? '']) {
      const outcomes = await judge.ask<Record<string, string>>('judge', actor)
      expect(Object.keys(outcomes)).to.have.members(Object.keys(rules))
      for (const [rule, wanted] of Object.entries(rules)) {
        if (wanted === passed) expect(outcomes[rule], `${actor} ${rule}`).to.equal(passed)
        else expect(outcomes[rule], `${actor} ${rule}`).not.to.equal('failed')
      }
    }
  })
})
