/** npm start: one server from TRIBUTARY_* settings, until Ctrl-C. */
import { readConfig } from '../server/config.ts'
import { startServer } from '../server/main.ts'
import { run, say, words } from './terminal.ts'

await run(async () => {
  const running = await startServer(readConfig())
  const { config, setupCode } = running
  say(words('terminal.running', { role: config.role, origin: config.origin, data: config.data }))
  if (setupCode)
    say(words('terminal.setup', { address: `${config.origin}/setup`, code: setupCode }))
  const stop = () => void running.close().then(() => process.exit(0))
  process.once('SIGINT', stop)
  process.once('SIGTERM', stop)
})
