/** Reads all code of a server once and ends, so that the compile cache holds it (scripts/lean.ts). */
import '../content/store/sqlite-worker.ts'
import '../server/main.ts'
import './start.ts'
