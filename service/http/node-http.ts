/**
 * The values of node:http that the service uses. An `import` would also evaluate the module's lazy exports, among them
 * Node's own undici, which takes 50 ms of processor time when the service starts.
 */
export const { createServer, ServerResponse, STATUS_CODES } = process.getBuiltinModule('node:http');
