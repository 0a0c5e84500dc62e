/** A paper as a Word file (Office Open XML, ISO/IEC 29500): plain parts in, real styles, languages and directions out. */
import type { IParagraphOptions, Paragraph, ParagraphChild, Table } from 'docx'
import type { Part, Run } from '../content/parts.ts'
import { Refusal } from '../content/refusal.ts'
import { direction } from './words.ts'

export interface Paper {
  title: string
  /** Whose it is. */
  author: string
  /** What its footer and most of it are in. */
  language: string
  parts: Part[]
  /** At the foot of every page, before the number of the page: version and digest. */
  footer: string
}

/** As long as ten long outcomes: what is longer would keep everybody else waiting. */
const PARTS_MAX = 12_000
const LETTERS_MAX = 2_000_000
const MARGIN = 1134
const INDENT = 567
/** What the head of a table stands on. */
const TINT = 'E8F1F1'
/** A table of so many rows at most stays together on one page. */
const ROWS_TOGETHER = 12
/** Of two columns the first has names, the second what is said: in hundredths, and in twentieths of a point. */
const NAME_WIDTH = 32
const TEXT_WIDTH = 9638

type Library = typeof import('docx')

/** The bytes of the file. Refusal `too_large` when nobody should make one of it. */
export async function docxOf(paper: Paper): Promise<Buffer> {
  if (paper.parts.length > PARTS_MAX || lettersOf(paper.parts) > LETTERS_MAX)
    throw new Refusal('too_large', 'docx.too_long')
  const library = await import('docx')
  const document = new library.Document({
    title: clean(paper.title),
    creator: clean(paper.author),
    lastModifiedBy: clean(paper.author),
    styles: { default: styles(paper.language) },
    sections: [
      {
        properties: {
          page: { margin: { top: MARGIN, bottom: MARGIN, left: MARGIN, right: MARGIN } },
        },
        footers: { default: footer(library, paper) },
        children: paper.parts.flatMap((part) => made(library, part)),
      },
    ],
  })
  return library.Packer.toBuffer(document)
}

const lettersOf = (parts: Part[]): number =>
  parts.reduce(
    (sum, part) => sum + runsIn(part).reduce((more, { text }) => more + text.length, 0),
    0,
  )

const runsIn = (part: Part): Run[] => (part.kind === 'table' ? part.rows.flat(2) : part.runs)

const bold = { bold: true, boldComplexScript: true, color: '0B5C5C' }
const heading = (size: number) => ({
  run: { ...bold, size, sizeComplexScript: size },
  paragraph: { spacing: { before: 320, after: 120 }, keepNext: true },
})

/** Headings are the real ones, so that a screen reader walks through them. */
const styles = (language: string) => ({
  document: {
    run: { font: FONT, size: 22, sizeComplexScript: 24, language: tongue(language) },
    // Without its rule some programs take the line's height for an exact one, and large titles overlap.
    paragraph: { spacing: { after: 120, line: 290, lineRule: 'auto' as const } },
  },
  title: {
    run: { ...bold, size: 48, sizeComplexScript: 48 },
    paragraph: { spacing: { before: 600, after: 240 } },
  },
  heading1: heading(34),
  heading2: heading(28),
  heading3: heading(24),
  heading4: heading(22),
  heading5: heading(22),
  heading6: heading(22),
})

/** Cambria has no Arabic and no Chinese letters: each script is given a face that nearly everybody has. */
const FONT = { ascii: 'Cambria', hAnsi: 'Cambria', cs: 'Times New Roman', eastAsia: 'SimSun' }

const isRightToLeft = (language: string) => direction(language) === 'rtl'

/** The language of a run, in the field that Word reads for its script. */
function tongue(language: string) {
  if (isRightToLeft(language)) return { bidirectional: language }
  return /^(zh|ja|ko)\b/.test(language) ? { eastAsia: language } : { value: language }
}

/** XML has no place for controls and broken letters. */
const clean = (text: string): string =>
  text.toWellFormed().replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '')

function footer(
  { Footer, Paragraph, TextRun, PageNumber }: Library,
  { footer: text, language }: Paper,
) {
  const children = [
    new TextRun({ text: `${clean(text)} · `, size: 16, sizeComplexScript: 16 }),
    new TextRun({ children: [PageNumber.CURRENT], size: 16, sizeComplexScript: 16 }),
  ]
  return new Footer({
    children: [new Paragraph({ bidirectional: isRightToLeft(language), children })],
  })
}

/** A table is followed by a narrow line: Word makes one table of two that touch. */
function made(library: Library, part: Part): (Paragraph | Table)[] {
  const one = makers[part.kind](library, part as never)
  if (part.kind !== 'table') return [one]
  const spacing = { before: 0, after: 0, line: 160, lineRule: 'exact' as const }
  return [one, new library.Paragraph({ spacing, children: [] })]
}

type Maker<K extends Part['kind']> = (
  library: Library,
  part: Extract<Part, { kind: K }>,
) => Paragraph | Table

const makers: { [K in Part['kind']]: Maker<K> } = {
  title: (library, part) => paragraph(library, part, { heading: library.HeadingLevel.TITLE }),
  heading: (library, part) =>
    paragraph(library, part, {
      heading: library.HeadingLevel[`HEADING_${Math.min(6, Math.max(1, part.level)) as 1}`],
      ...(part.newPage ? { pageBreakBefore: true } : {}),
    }),
  paragraph: (library, part) =>
    paragraph(
      library,
      part,
      part.inset || part.look === 'quote' ? { indent: { left: INDENT } } : {},
    ),
  item: (library, part) =>
    part.mark === undefined
      ? paragraph(library, part, { bullet: { level: part.depth } })
      : marked(library, part, part.mark, INDENT * (part.depth + 1)),
  message: (library, part) => marked(library, part, part.number, INDENT),
  table,
}

/** The number stands in the margin, the words beside it, all their lines at one edge. */
const marked = (
  library: Library,
  part: Exclude<Part, { kind: 'table' }>,
  mark: string,
  left: number,
): Paragraph =>
  paragraph(
    library,
    { ...part, runs: [{ text: mark, bold: true }, { text: '\t' }, ...part.runs] },
    { indent: { left, hanging: INDENT }, tabStops: [{ type: 'left', position: left }] },
  )

function paragraph(
  library: Library,
  part: Exclude<Part, { kind: 'table' }>,
  options: IParagraphOptions = {},
): Paragraph {
  const look = part.kind === 'paragraph' ? part.look : undefined
  const children = part.runs.flatMap((run) => letters(library, run, part.language, look))
  return new library.Paragraph({
    ...options,
    ...(isRightToLeft(part.language) ? { bidirectional: true } : {}),
    children,
  })
}

/** Words of another script keep their own direction inside a line from right to left. */
const isForeign = (text: string): boolean =>
  /\p{Script=Latin}/u.test(text) && !/\p{Script=Arabic}|\p{Script=Hebrew}/u.test(text)

const sizes: Record<string, number> = { lead: 26, soft: 18, code: 18 }

function letters(
  { TextRun, ExternalHyperlink, Tab }: Library,
  { text, bold: isBold, italic, code, struck, href }: Run,
  language: string,
  look: string | undefined,
): ParagraphChild[] {
  const size = sizes[look ?? '']
  const foreign = isRightToLeft(language) && isForeign(text)
  const rightToLeft = isRightToLeft(language) && !foreign
  const manner = {
    ...(isBold ? { bold: true } : {}),
    ...(italic ? { italics: true } : {}),
    ...(struck ? { strike: true } : {}),
    ...(code ? { font: 'Consolas' } : {}),
    ...(size ? { size, sizeComplexScript: size } : {}),
    ...(href ? { style: 'Hyperlink' } : {}),
    ...(rightToLeft ? { rightToLeft: true } : {}),
    ...(foreign ? {} : { language: tongue(language) }),
  }
  const lines = clean(text).split('\n')
  const runs = lines.map(
    (line, i) =>
      new TextRun({
        ...manner,
        ...(i > 0 ? { break: 1 } : {}),
        children: line.split('\t').flatMap((word, n) => (n > 0 ? [new Tab(), word] : [word])),
      }),
  )
  return href ? [new ExternalHyperlink({ link: href, children: runs })] : runs
}

/** Its first row is the head, named again on every page it goes on to. */
function table(library: Library, { rows, language }: Extract<Part, { kind: 'table' }>): Table {
  const widths = widthsOf(rows[0]?.length ?? 1)
  const together = rows.length <= ROWS_TOGETHER
  const row = (cells: Run[][], i: number) =>
    new library.TableRow({
      tableHeader: i === 0,
      cantSplit: true,
      children: cells.map((runs, n) =>
        cell(library, runs, {
          language,
          head: i === 0,
          width: widths[n] ?? 0,
          keepNext: i === 0 || (together && i < rows.length - 1),
        }),
      ),
    })
  return new library.Table({
    width: { size: 100, type: library.WidthType.PERCENTAGE },
    columnWidths: widths,
    visuallyRightToLeft: isRightToLeft(language),
    rows: rows.map(row),
  })
}

function widthsOf(columns: number): number[] {
  if (columns !== 2) return Array.from({ length: columns }, () => Math.floor(TEXT_WIDTH / columns))
  const name = Math.floor((TEXT_WIDTH * NAME_WIDTH) / 100)
  return [name, TEXT_WIDTH - name]
}

interface Cell {
  language: string
  head: boolean
  width: number
  /** On the page of the row below. */
  keepNext: boolean
}

function cell(library: Library, runs: Run[], { language, head, width, keepNext }: Cell) {
  const said = head ? runs.map((run) => ({ ...run, bold: true as const })) : runs
  const options = { spacing: { after: 0 }, keepNext }
  return new library.TableCell({
    width: { size: width, type: library.WidthType.DXA },
    margins: { top: 60, bottom: 60, left: 100, right: 100 },
    ...(head ? { shading: { type: library.ShadingType.CLEAR, fill: TINT } } : {}),
    children: [paragraph(library, { kind: 'paragraph', language, runs: said }, options)],
  })
}
