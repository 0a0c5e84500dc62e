/** Bytes to letters: in the encoding that they name, else UTF-8; what cannot be read is said, not guessed. */
import { Refusal } from '../refusal.ts'

const LOOKED_AT_BYTES = 1024

/** What a document's first bytes say of its encoding: a byte order mark, an XML declaration, a `meta`. */
export function encodingIn(start: Uint8Array, header = ''): string {
  const [a, b, c] = start
  if (a === 0xef && b === 0xbb && c === 0xbf) return 'utf-8'
  if (a === 0xff && b === 0xfe) return 'utf-16le'
  if (a === 0xfe && b === 0xff) return 'utf-16be'
  const head = new TextDecoder('latin1').decode(start.subarray(0, LOOKED_AT_BYTES))
  const named =
    /charset=["']?([\w-]{1,40})/i.exec(header) ??
    /^\s*<\?xml[^>]{0,200}?encoding=["']([\w.:-]{1,40})["']/i.exec(head) ??
    /<meta[^>]{0,200}?charset=["']?([\w.:-]{1,40})/i.exec(head)
  return named?.[1] ?? 'utf-8'
}

/** Letters of a stream of bytes. Refusal `invalid` for an encoding nobody knows, and for bytes that are not in it. */
export async function* decoded(
  chunks: AsyncIterable<Uint8Array>,
  header = '',
): AsyncGenerator<string> {
  let decoder: TextDecoder | undefined
  for await (const chunk of chunks) {
    decoder ??= decoderFor(encodingIn(chunk, header))
    yield lettersOf(decoder, chunk)
  }
  if (decoder) yield lettersOf(decoder)
}

/** A whole document at once. */
export function decodedText(bytes: Uint8Array, header = ''): string {
  return lettersOf(decoderFor(encodingIn(bytes, header)), bytes)
}

function decoderFor(encoding: string): TextDecoder {
  try {
    return new TextDecoder(encoding, { fatal: true })
  } catch {
    throw new Refusal('invalid', 'import.encoding', { encoding })
  }
}

function lettersOf(decoder: TextDecoder, chunk?: Uint8Array): string {
  try {
    return chunk ? decoder.decode(chunk, { stream: true }) : decoder.decode()
  } catch {
    throw new Refusal('invalid', 'import.not_encoded', { encoding: decoder.encoding })
  }
}
