/** Fedify on this machine: private addresses allowed, and http where WebFinger by handle insists on https. */
import { getDocumentLoader } from '@fedify/vocab-runtime'

const known = getDocumentLoader({ allowPrivateAddress: true })

/** Documents of servers of the test and the contexts that Fedify brings along; nothing else is fetched. */
export const documentLoader: typeof known = async (url, options) => known(url, options)

export const loaders = { documentLoader, contextLoader: documentLoader }

const fetchIt = globalThis.fetch

/** Loopback has no certificates: what is asked of https://127.0.0.1 is asked of http. */
export function useLoopback(): void {
  globalThis.fetch = (input, init) => {
    const url = input instanceof Request ? input.url : String(input)
    const plain = url.replace(/^https:\/\/127\.0\.0\.1/, 'http://127.0.0.1')
    return fetchIt(input instanceof Request && plain === url ? input : plain, init)
  }
}
