/** HTTP servers, without what importing `node:http` would bring along. */

/**
 * `import 'node:http'` reads every name the module has, and with `WebSocket` and the like a whole second HTTP client:
 * 14 MB that nothing here uses. Asked for in this way, Node gives only what is named.
 */
export const { createServer } = process.getBuiltinModule('node:http')
