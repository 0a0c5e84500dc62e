/** SECURITY-CLASSES G: the time zone that anybody may send is a zone or nothing, and leads nowhere else. */
import { expect } from 'chai'
import { filledNode } from '../help/community.ts'
import { endServers, type TestServer } from '../help/servers.ts'
import { visitor } from '../help/visitor.ts'

const MEETING = '/meetings/meeting-2026'

describe('hostile G: the time zone of the reader', () => {
  let node: TestServer
  before(async () => {
    node = await filledNode()
  })
  after(endServers)

  it('G a time zone sent with a way back to another site, as code, from another site, or in a forged cookie', async () => {
    const send = (fields: Record<string, string>, origin = node.origin) =>
      fetch(`${node.origin}/zone`, {
        ...{ method: 'POST', redirect: 'manual', headers: { origin } },
        body: new URLSearchParams(fields),
      })
    for (const back of ['https://evil.example/', '//evil.example', '/\\evil.example', '/a\r\nb']) {
      const { headers } = await send({ zone: 'Asia/Tokyo', back })
      expect(headers.get('location'), back).to.equal('/meetings')
    }
    const code = '"><script>evil()</script>'
    const refused = await send({ zone: code, back: code })
    expect(refused.status).to.equal(400)
    expect(await refused.text()).not.to.include('<script>evil')
    expect(refused.headers.getSetCookie()).to.deep.equal([])
    const foreign = await send({ zone: 'Asia/Tokyo' }, 'https://evil.example')
    expect(foreign.status).to.equal(403)
    for (const value of [code, '%', '%E0%A4%A', 'x'.repeat(4000), 'Asia%252FTokyo']) {
      const reader = visitor(node.origin)
      await reader.send('/zone', { zone: 'Asia/Tokyo', back: MEETING })
      for (const name of reader.cookies.keys()) reader.cookies.set(name, value)
      const page = await reader.get(MEETING)
      expect(page.status, value).to.equal(200)
      expect(page.text).not.to.include('GMT+9').and.not.include('evil')
    }
  })
})
