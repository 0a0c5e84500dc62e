/** Which version of the program this is, and what it calls itself when it speaks to others. */
import { readFileSync } from 'node:fs'

export const version = (
  JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
    version: string
  }
).version

/** With where the server is that speaks. */
export const userAgent = (origin: string) => `Tributary/${version} (+${origin})`
