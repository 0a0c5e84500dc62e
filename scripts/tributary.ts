/** npm run tributary -- <command>: what an operator does from a terminal, by the same functions as the pages. */
import { parseArgs } from 'node:util'
import { Refusal } from '../content/refusal.ts'
import { settings } from '../server/config.ts'
import type { Command, Options } from './commands/command.ts'
import { commands } from './commands/commands.ts'
import { run, say, words } from './terminal.ts'

await run(async () => {
  const [name = '--help', ...rest] = process.argv.slice(2)
  const command = commands.find((each) => each.name === name)
  if (command) return start(command, rest)
  if (/^(--help|-h|help)$/.test(name)) return help()
  const known = commands.map((each) => each.name).join(', ')
  throw new Refusal('invalid', 'terminal.unknown', { name, known })
})

async function start(command: Command, args: string[]): Promise<void> {
  const { values, positionals } = parsed(command, args)
  if (values.help) return helpOf(command)
  const act = await command.load()
  await act(positionals, values)
}

function parsed(command: Command, args: string[]): { values: Options; positionals: string[] } {
  try {
    const options = { ...command.options, help: { type: 'boolean', short: 'h' } as const }
    return parseArgs({ args, options, allowPositionals: true })
  } catch {
    throw new Refusal('invalid', 'terminal.options', { name: command.name, usage: command.usage })
  }
}

function help(): void {
  say(`${words('terminal.help.intro')}\n`)
  for (const { name, usage } of commands) {
    say(`  tributary ${name} ${usage}\n      ${words(`terminal.${name}.what`)}`)
  }
  say(`\n${words('terminal.help.settings')}\n`)
  for (const { name, meaning, fallback } of settings)
    say(`  ${name}\n      ${meaning} (${fallback})`)
}

function helpOf({ name, usage }: Command): void {
  say(
    `tributary ${name} ${usage}\n\n${words(`terminal.${name}.what`)}\n\n${words(`terminal.${name}.more`)}`,
  )
}
