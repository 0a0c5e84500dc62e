/** A list of servers to block as somebody typed or exported it: hosts one a line, or CSV as Mastodon writes it. */
import type { Mistake } from '../content/refusal.ts'

/** More than the longest shared lists hold. */
export const SERVERS_MAX = 5000
const MISTAKES_MAX = 50
const NOTE_MAX = 500

export interface Listed {
  /** Its origin. */
  id: string
  note: string
}

export interface BlockList {
  blocked: Listed[]
  /** How many are named with a lighter measure than a block. */
  lighter: number
  mistakes: Mistake[]
}

/** What is done with each severity that Mastodon knows. */
const severities: Record<string, 'block' | 'leave'> = {
  suspend: 'block',
  silence: 'leave',
  limit: 'leave',
  noop: 'leave',
}

interface Row {
  line: number
  cells: string[]
}

type Wrong = Pick<Mistake, 'sentence'> & { text?: string }

/** Read a list whole. Each wrong line is named by its number; `own` is the origin of this server. */
export function readBlockList(text: string, own: string): BlockList {
  const { records, open } = recordsOf(text.replace(/^\uFEFF/, ''))
  const list: BlockList = { blocked: [], lighter: 0, mistakes: [] }
  const wrong = (line: number, { sentence, text: said = '' }: Wrong) =>
    list.mistakes.length < MISTAKES_MAX &&
    list.mistakes.push({ field: 'list', sentence, values: { line, text: said.slice(0, 100) } })
  if (open !== undefined) wrong(open, { sentence: 'blocks.quote' })
  const columns = columnsOf(records)
  const seen = new Map<string, Listed>()
  for (const { line, cells } of columns.named ? records.slice(1) : records) {
    const name = cells[columns.domain]?.trim() ?? ''
    if (name === '' || name.startsWith('#')) continue
    const severity = cells[columns.severity]?.trim().toLowerCase() || 'suspend'
    const id = originIn(name, own)
    if (typeof id !== 'string') wrong(line, { ...id, text: name })
    else if (!Object.hasOwn(severities, severity))
      wrong(line, { sentence: 'blocks.severity', text: severity })
    else if (severities[severity] === 'leave') list.lighter += 1
    else seen.set(id, { id, note: (cells[columns.comment]?.trim() ?? '').slice(0, NOTE_MAX) })
  }
  list.blocked = [...seen.values()]
  if (seen.size <= SERVERS_MAX) return list
  const many = { field: 'list', sentence: 'blocks.many', values: { max: SERVERS_MAX } }
  return { ...list, blocked: [], mistakes: [many] }
}

/** Where the cells stand: by the names in the first line, else the host comes first. */
function columnsOf([first]: Row[]) {
  const names = first?.cells.map((cell) => cell.trim().toLowerCase().replace(/^#/, '')) ?? []
  const named = names.includes('domain')
  const at = (name: string, otherwise: number) => (named ? names.indexOf(name) : otherwise)
  return {
    named,
    domain: at('domain', 0),
    severity: at('severity', 1),
    comment: at('public_comment', 2),
  }
}

/** The origin of a host, with or without its scheme; or what is wrong with it. */
function originIn(name: string, own: string): string | Wrong {
  if (name.includes('*')) return { sentence: 'blocks.hidden' }
  const url = URL.parse(name.includes('://') ? name : `https://${name}`)
  const isHost = url && /^https?:$/.test(url.protocol) && url.pathname === '/' && !url.search
  if (!isHost || url.username || url.hash || !/^([\w-]+\.)+[\w-]+$|^\[/.test(url.hostname))
    return { sentence: 'blocks.line' }
  return url.origin === own ? { sentence: 'blocks.own' } : url.origin
}

/** RFC 4180, forgiving: lines of cells with the number of the line each begins in; `open`: a quotation that never ends. */
function recordsOf(text: string): { records: Row[]; open?: number } {
  const records: Row[] = []
  let current: Row = { line: 1, cells: [] }
  let line = 1
  const cell = /(?:"([^"]*(?:""[^"]*)*)"|((?!")[^,\r\n]*))[ \t]*(,|\r?\n|\r|$)/y
  while (cell.lastIndex < text.length || current.cells.length > 0) {
    const found = cell.exec(text)
    if (!found) return { records, open: line }
    const [whole, quoted, plain = '', end = ''] = found
    current.cells.push(quoted?.replaceAll('""', '"') ?? plain)
    line += whole.match(/\r?\n|\r/g)?.length ?? 0
    if (end === ',') continue
    records.push(current)
    current = { line, cells: [] }
    if (cell.lastIndex >= text.length) break
  }
  return { records }
}
