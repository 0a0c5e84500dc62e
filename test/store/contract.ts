/** What every store must do, whatever is under it: an adapter passes the whole of this or is none. */
import type { Store } from '../../content/store.ts'
import { commitsWhole } from './contract-commit.ts'
import { findsByField } from './contract-find.ts'
import { keepsTheLog } from './contract-log.ts'
import { agreesWithAMap } from './contract-model.ts'
import { findsByWord } from './contract-words.ts'

/** The store of the test that runs now: new and empty for each. */
export type Opened = () => Store

/** `open` gives a new empty store each time; the contract closes it. */
export function storeContract(name: string, open: () => Promise<Store>): void {
  describe(`the store, kept by ${name}`, () => {
    let store: Store
    beforeEach(async () => {
      store = await open()
    })
    afterEach(() => store.close())

    const opened = () => store
    commitsWhole(opened)
    findsByField(opened)
    findsByWord(opened)
    keepsTheLog(opened)
    agreesWithAMap(opened)
  })
}
