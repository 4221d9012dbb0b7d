import { homedir } from 'node:os';
import { join } from 'node:path';

/**
 * Names the folder in which the processes that this one starts keep compiled modules, which halves the time that each
 * needs to start. It is the user's own: code in Node's default folder, under /tmp, could be another user's.
 *
 * It is JavaScript, because bin/ needs it before Node can read TypeScript below node_modules.
 *
 * @returns {string} The folder
 */
export function nameCompileCache() {
  process.env.NODE_COMPILE_CACHE ||= join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'proofload');
  return process.env.NODE_COMPILE_CACHE;
}
