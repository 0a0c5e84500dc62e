/** What is used of jsonld, which Fedify brings along without its types. */
declare module '@fedify/vocab-runtime/jsonld' {
  import type { DocumentLoader } from '@fedify/vocab-runtime'
  const jsonld: {
    expand: (document: object, options: { documentLoader: DocumentLoader }) => Promise<unknown[]>
  }
  export default jsonld
}
