/** What may be applied at once, and what must see what came before it. */
import { expect } from 'chai'
import { inSteps } from '../../federation/steps.ts'

const post = (type: string, id: string, inReplyTo?: string) => ({
  type,
  actor: 'ana',
  object: { id, ...(inReplyTo ? { inReplyTo } : {}) },
})
const lengths = (all: unknown[]) => inSteps(all, (each) => each).map((step) => step.length)

describe('the activities of one actor', () => {
  it('that create different posts are applied at once', () => {
    const all = [post('Create', 'a'), post('Create', 'b', 'x'), post('Update', 'c')]
    expect(lengths(all)).to.deep.equal([3])
  })

  it('that speak of the same post, or answer one that has just come, keep their order', () => {
    expect(lengths([post('Create', 'a'), post('Update', 'a')])).to.deep.equal([1, 1])
    expect(lengths([post('Create', 'a'), post('Create', 'b', 'a')])).to.deep.equal([1, 1])
    const after = [post('Create', 'a'), post('Update', 'a'), post('Create', 'b')]
    expect(lengths(after)).to.deep.equal([1, 2])
  })

  it('that are anything else stand alone, and are stepped over by nobody', () => {
    const others = [
      { type: 'Delete', actor: 'ana', object: 'b' },
      { type: 'Undo' },
      'nonsense',
      null,
    ]
    for (const other of others) {
      expect(lengths([post('Create', 'a'), other, post('Create', 'b')])).to.deep.equal([1, 1, 1])
    }
    expect(lengths([post('Create', 'a'), post('Update', 'ana')])).to.deep.equal([1, 1])
  })

  it('are no more than two hundred at once, however many came', () => {
    const all = Array.from({ length: 450 }, (_, i) => post('Create', `p${i}`))
    expect(lengths(all)).to.deep.equal([200, 200, 50])
  })

  it('all come, in their order', () => {
    const all = [post('Create', 'a'), null, post('Create', 'b'), post('Create', 'b'), 'x']
    expect(inSteps(all, (each) => each).flat()).to.deep.equal(all)
    expect(lengths([])).to.deep.equal([])
  })
})
