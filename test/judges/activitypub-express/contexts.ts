/** The contexts that an activitypub-express node would fetch once: their terms that we use. */

const SECURITY = 'https://w3id.org/security#'
const one = (name: string) => ({ '@id': SECURITY + name, '@type': '@id' })

export const contexts: Record<string, object> = {
  'https://w3id.org/security/data-integrity/v1': {
    '@context': {
      proof: { ...one('proof'), '@container': '@graph' },
      DataIntegrityProof: `${SECURITY}DataIntegrityProof`,
      cryptosuite: `${SECURITY}cryptosuite`,
      proofPurpose: one('proofPurpose'),
      proofValue: `${SECURITY}proofValue`,
      verificationMethod: one('verificationMethod'),
    },
  },
  'https://w3id.org/security/multikey/v1': {
    '@context': {
      Multikey: `${SECURITY}Multikey`,
      controller: one('controller'),
      publicKeyMultibase: `${SECURITY}publicKeyMultibase`,
      revoked: {
        '@id': `${SECURITY}revoked`,
        '@type': 'http://www.w3.org/2001/XMLSchema#dateTime',
      },
    },
  },
}
