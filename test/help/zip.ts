/** What is in a ZIP file, by its central directory (APPNOTE 4.3.12): enough to look into what we make. */
import { inflateRawSync } from 'node:zlib'

const END = 0x06054b50
const ENTRY = 0x02014b50

/** Every file by its name, as text. */
export function unzipped(zip: Buffer): Map<string, string> {
  let end = zip.length - 22
  while (end >= 0 && zip.readUInt32LE(end) !== END) end -= 1
  if (end < 0) throw new Error('not a ZIP file')
  const files = new Map<string, string>()
  let at = zip.readUInt32LE(end + 16)
  for (let left = zip.readUInt16LE(end + 10); left > 0; left -= 1) {
    if (zip.readUInt32LE(at) !== ENTRY) throw new Error('the central directory is broken')
    const [method, size] = [zip.readUInt16LE(at + 10), zip.readUInt32LE(at + 20)]
    const [name, extra, comment] = [28, 30, 32].map((each) => zip.readUInt16LE(at + each))
    const local = zip.readUInt32LE(at + 42)
    const from = local + 30 + zip.readUInt16LE(local + 26) + zip.readUInt16LE(local + 28)
    const packed = zip.subarray(from, from + size)
    const path = zip.toString('utf8', at + 46, at + 46 + Number(name))
    files.set(path, (method === 0 ? packed : inflateRawSync(packed)).toString('utf8'))
    at += 46 + Number(name) + Number(extra) + Number(comment)
  }
  return files
}

const entities: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }

/** The paragraphs of a Word file: the words of each, its style, and its markup. */
export function wordParagraphs(docx: Buffer): { text: string; style: string; xml: string }[] {
  const xml = unzipped(docx).get('word/document.xml') ?? ''
  return [...xml.matchAll(/<w:p>.*?<\/w:p>|<w:p [^>]*>.*?<\/w:p>/gs)].map(([paragraph]) => ({
    xml: paragraph,
    style: /<w:pStyle w:val="(\w+)"/.exec(paragraph)?.[1] ?? '',
    text: [...paragraph.matchAll(/<w:t(?: [^>]*)?>([^<]*)<\/w:t>|<w:(tab|br)\/>/g)]
      .map(([, text, gap]) => (gap ? ' ' : (text ?? '')))
      .join('')
      .replace(/&(amp|lt|gt|quot|apos);/g, (_, name: string) => entities[name] ?? ''),
  }))
}
