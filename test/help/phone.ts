/** A phone that keeps passkeys: a small window of a real browser, and a virtual authenticator (WebAuthn Level 3, section 11) beside it. */
import type { Browser, BrowserContext, CDPSession, Page } from 'playwright-core'

export const PHONE = { width: 360, height: 740 }

const device = {
  protocol: 'ctap2',
  transport: 'internal',
  hasResidentKey: true,
  hasUserVerification: true,
  isUserVerified: true,
} as const

export interface Phone {
  reader: BrowserContext
  page: Page
  cdp: CDPSession
  authenticatorId: string
}

/** It unlocks itself for whoever holds it, until it is told otherwise. */
export async function openPhone(browser: Browser): Promise<Phone> {
  const reader = await browser.newContext({ viewport: PHONE, locale: 'en' })
  const page = await reader.newPage()
  const cdp = await reader.newCDPSession(page)
  await cdp.send('WebAuthn.enable')
  const { authenticatorId } = await cdp.send('WebAuthn.addVirtualAuthenticator', {
    options: device,
  })
  return { reader, page, cdp, authenticatorId }
}
