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
        children: paper.parts.map((part) => makers[part.kind](library, part as never)),
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
    run: { font: 'Cambria', size: 22, sizeComplexScript: 24, language: tongue(language) },
    paragraph: { spacing: { after: 120, line: 290 } },
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
  const cell = (runs: Run[]) =>
    new library.TableCell({
      margins: { top: 60, bottom: 60, left: 100, right: 100 },
      children: [paragraph(library, { kind: 'paragraph', language, runs })],
    })
  return new library.Table({
    width: { size: 100, type: library.WidthType.PERCENTAGE },
    visuallyRightToLeft: isRightToLeft(language),
    rows: rows.map(
      (cells, i) =>
        new library.TableRow({ tableHeader: i === 0, cantSplit: true, children: cells.map(cell) }),
    ),
  })
}
