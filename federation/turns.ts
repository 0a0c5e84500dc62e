/** Many peers at once, each by itself and never twice at the same time: who is slow keeps nobody waiting but itself. */

export interface Limits {
  /** How many may be on the move. */
  atOnce: number
  /** Whom we wait for longer than this no longer counts among them. */
  slowMs: number
  /** All together, the slow ones included: each holds a connection. */
  openMax: number
}

type Act = (name: string, came: () => void) => Promise<number>

export interface Turns {
  /**
   * Give each its turn. Who has one now gets another after it, since something new may have come. Resolves
   * with the sum of what they answer when the turns that were begun here have ended. Whoever acts says when it no
   * longer waits for the peer: what takes long from then on is ours, and lets nobody else in.
   */
  give: (names: string[], act: Act) => Promise<number>
}

export function turns(limits: Limits): Turns {
  const busy = new Set<string>()
  const wanted = new Set<string>()
  const enter = doorWith(limits)
  const turn = async (name: string, act: Act): Promise<number> => {
    const { came, leave } = await enter()
    let sum = 0
    try {
      do {
        wanted.delete(name)
        sum += await act(name, came)
      } while (wanted.has(name))
      return sum
    } finally {
      busy.delete(name)
      leave()
    }
  }
  return {
    give: async (names, act) => {
      const mine = names.filter((name) => !busy.has(name))
      for (const name of names) (busy.has(name) ? wanted : busy).add(name)
      const sums = await Promise.all(mine.map((name) => turn(name, act)))
      return sums.reduce((sum, each) => sum + each, 0)
    },
  }
}

interface Entered {
  came: () => void
  leave: () => void
}

/** Resolves when there is room. */
function doorWith({ atOnce, slowMs, openMax }: Limits): () => Promise<Entered> {
  const queue: (() => void)[] = []
  let moving = 0
  let open = 0
  const letIn = () => {
    while (queue.length > 0 && moving < atOnce && open < openMax) {
      moving += 1
      open += 1
      queue.shift()?.()
    }
  }
  const entered = () => {
    let counted = true
    const slow = () => {
      if (counted) moving -= 1
      counted = false
      letIn()
    }
    const timer = setTimeout(slow, slowMs)
    const came = () => clearTimeout(timer)
    const leave = () => {
      came()
      open -= 1
      slow()
    }
    return { came, leave }
  }
  return async () => {
    await new Promise<void>((resolve) => {
      queue.push(resolve)
      letIn()
    })
    return entered()
  }
}
