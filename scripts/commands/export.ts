/** tributary export <file.zip>, tributary archive <folder or file.zip>: everything in open formats, and the pages without the program. */
import { mkdirSync, existsSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { Refusal } from '../../content/refusal.ts'
import { archived } from '../../server/export/archive.ts'
import { everything } from '../../server/export/everything.ts'
import { type Piece, writeZipFile } from '../../server/export/zip.ts'
import { isSetUp } from '../../server/setup.ts'
import { wordsFor, languages } from '../../server/words.ts'
import { say, words } from '../terminal.ts'
import { needed, option, type Options, type Run } from './command.ts'
import { withSite } from './with-site.ts'

export const exporting: Run = async (args, options) => {
  const file = fresh(needed(args, 0, 'file'))
  await withSite(async (site) => {
    const count = await writeZipFile(everything(site, chosen(options)), file, site.now())
    say(words('terminal.export.done', { count, path: file }))
  })
}

export const archiving: Run = async (args, options) => {
  const path = fresh(needed(args, 0, 'file'))
  await withSite(async (site) => {
    if (!(await isSetUp(site))) throw new Refusal('conflict', 'terminal.not_set_up')
    const pieces = archived(site, chosen(options))
    const count = path.endsWith('.zip')
      ? await writeZipFile(pieces, path, site.now())
      : await intoFolder(pieces, path)
    say(words('terminal.export.done', { count, path }))
  })
}

const chosen = (options: Options) =>
  wordsFor(languages.find((each) => each === option(options, 'language')) ?? words.language)

/** Never written over what is there. */
function fresh(path: string): string {
  if (!existsSync(path)) return resolve(path)
  throw new Refusal('conflict', 'store.backup_exists', { path })
}

async function intoFolder(pieces: AsyncIterable<Piece>, folder: string): Promise<number> {
  let count = 0
  for await (const { name, content } of pieces) {
    const path = join(folder, name)
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, content as string | Buffer)
    count += 1
  }
  return count
}
