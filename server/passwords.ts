/** Passwords: scrypt (RFC 7914) in PHC string format, compared in constant time. */
import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto'
import type { Site } from '../federation/site.ts'
import { settingsOf } from './config.ts'

/** OWASP's parameters for scrypt: 2^17, 8, 1 takes 128 MB; 2^15, 8, 3 takes 32 MB for the same work. */
const LOG_COST = 15
const MEMORY_MAX = 64 * 1024 * 1024
const BYTES = 32

interface Cost {
  ln: number
  r: number
  p: number
}

const costHere = (site: Site): Cost => ({
  ln: settingsOf(site).passwordCost ?? LOG_COST,
  r: 8,
  p: 3,
})

const derive = (password: string, salt: Buffer, { ln, r, p }: Cost): Promise<Buffer> =>
  new Promise((resolve, reject) => {
    const done = (error: Error | null, key: Buffer) => (error ? reject(error) : resolve(key))
    const options = { N: 2 ** ln, r, p, maxmem: MEMORY_MAX }
    scrypt(password.normalize('NFKC'), salt, BYTES, options, done)
  })

/** At the cost that new passwords have on this server. */
export async function hashPassword(site: Site, password: string): Promise<string> {
  const salt = randomBytes(16)
  const cost = costHere(site)
  const key = await derive(password, salt, cost)
  const { ln, r, p } = cost
  return `$scrypt$ln=${ln},r=${r},p=${p}$${salt.toString('base64url')}$${key.toString('base64url')}`
}

/** False for a wrong password and for a hash of another format. Takes as long when there is no hash. */
export async function isPassword(
  site: Site,
  password: string,
  hash: string | undefined,
): Promise<boolean> {
  const [, scheme, parameters = '', salt = '', key = ''] = (hash ?? '').split('$')
  const cost = costIn(parameters) ?? costHere(site)
  const found = await derive(password, Buffer.from(salt || 'nobody', 'base64url'), cost)
  const wanted = Buffer.from(key, 'base64url')
  return scheme === 'scrypt' && wanted.length === BYTES && timingSafeEqual(found, wanted)
}

/** What a hash was made with, so that it still fits when new ones are made at another cost. */
function costIn(parameters: string): Cost | undefined {
  const [, ln, r, p] = /^ln=(\d{1,2}),r=(\d{1,2}),p=(\d{1,2})$/.exec(parameters) ?? []
  return ln && r && p ? { ln: Number(ln), r: Number(r), p: Number(p) } : undefined
}
