/** A ZIP file written as it is made: one entry at a time, none held longer than it takes to write it. */
import { createWriteStream } from 'node:fs'
import { Readable, type Writable } from 'node:stream'
import { once } from 'node:events'
import { finished } from 'node:stream/promises'

/** One file of an export: its name with folders, and what is in it, piece by piece. */
export interface Piece {
  name: string
  content: string | Buffer | AsyncIterable<string>
}

const isWhole = (content: Piece['content']): content is string | Buffer =>
  typeof content === 'string' || Buffer.isBuffer(content)

/** Write all pieces as a ZIP. What it needs does not grow with what is exported. */
export async function writeZip(
  pieces: AsyncIterable<Piece>,
  to: Writable,
  at: string,
): Promise<number> {
  const { ZipFile } = await import('yazl')
  const zip = new ZipFile()
  zip.outputStream.pipe(to)
  const written = finished(to)
  written.catch(() => undefined)
  let count = 0
  for await (const { name, content } of pieces) {
    if (to.destroyed) break
    const stream = Readable.from(isWhole(content) ? [content] : content, {
      objectMode: false,
    })
    const ended = Promise.race([once(stream, 'end'), written])
    zip.addReadStream(stream, name, { mtime: new Date(at) })
    await ended
    count += 1
  }
  zip.end()
  await written
  return count
}

/** The same into a new file that only this user may read. */
export const writeZipFile = (
  pieces: AsyncIterable<Piece>,
  path: string,
  at: string,
): Promise<number> => writeZip(pieces, createWriteStream(path, { flags: 'wx', mode: 0o600 }), at)
