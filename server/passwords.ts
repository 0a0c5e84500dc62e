/** Passwords: scrypt (RFC 7914) in PHC string format, compared in constant time. */
import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto'

/** OWASP's parameters for scrypt: 2^17, 8, 1 takes 128 MB; 2^15, 8, 3 takes 32 MB for the same work. */
const COST = { N: 2 ** 15, r: 8, p: 3, maxmem: 64 * 1024 * 1024 }
const BYTES = 32

const derive = (password: string, salt: Buffer): Promise<Buffer> =>
  new Promise((resolve, reject) => {
    const done = (error: Error | null, key: Buffer) => (error ? reject(error) : resolve(key))
    scrypt(password.normalize('NFKC'), salt, BYTES, COST, done)
  })

export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(16)
  const key = await derive(password, salt)
  return `$scrypt$ln=15,r=8,p=3$${salt.toString('base64url')}$${key.toString('base64url')}`
}

/** False for a wrong password and for a hash of another format. Takes as long when there is no hash. */
export async function isPassword(password: string, hash: string | undefined): Promise<boolean> {
  const [, scheme, , salt = '', key = ''] = (hash ?? '').split('$')
  const found = await derive(password, Buffer.from(salt || 'nobody', 'base64url'))
  const wanted = Buffer.from(key, 'base64url')
  return scheme === 'scrypt' && wanted.length === BYTES && timingSafeEqual(found, wanted)
}
