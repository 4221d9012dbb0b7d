import { GoError } from '../base/errors.ts';
import { currentVu } from '../vu/vu.ts';
import { removeNewerBuiltins } from './newer-builtins.ts';

/**
 * Removes what k6 does not have from the language, and makes parts of the process's own globals answer to VUs: `process.exit` refuses, `Math.random` to `randomSeed()`, and `crypto.subtle` to the
 * event loop, which must not take a VU for done while it waits for a digest. For a process that only runs scripts.
 */
export function patchProcess(): void {
  removeNewerBuiltins();
  const exit = process.exit;
  process.exit = (...args) => {
    if (currentVu()) throw new GoError("a script can't end the process: exec.test.abort() ends the test");
    return exit.apply(process, args);
  };
  const random = Math.random;
  Math.random = () => currentVu()?.random?.() ?? random();
  const prototype = Object.getPrototypeOf(crypto.subtle) as Record<string, unknown>;
  for (const name of Object.getOwnPropertyNames(prototype)) {
    const method = prototype[name];
    if (name === 'constructor' || typeof method !== 'function') continue;
    prototype[name] = function held(this: unknown, ...args: unknown[]): Promise<unknown> {
      const release = currentVu()?.loop.hold(() => {});
      return (method.apply(this, args) as Promise<unknown>).finally(release);
    };
  }
}
