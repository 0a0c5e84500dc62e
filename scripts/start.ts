/** npm start: one server from TRIBUTARY_* settings, until Ctrl-C. */
import { readConfig } from '../server/config.ts'
import { becomeLean } from './lean.ts'
import { run, say, words } from './terminal.ts'

async function start(): Promise<void> {
  const config = readConfig()
  becomeLean(config.data)
  const { startServer } = await import('../server/main.ts')
  const running = await startServer(config)
  const { role, origin, data } = running.config
  say(words('terminal.running', { role, origin, data }))
  if (running.setupCode)
    say(words('terminal.setup', { address: `${origin}/setup`, code: running.setupCode }))
  const stop = () => void running.close().then(() => process.exit(0))
  process.once('SIGINT', stop)
  process.once('SIGTERM', stop)
}

/** Read without being run when the compile cache is made (scripts/warm.ts). */
if (import.meta.main) await run(start)
