import { GoError } from '../base/errors.ts';
import { currentVu } from '../vu/vu.ts';
import { removeNewerBuiltins } from './newer-builtins.ts';

/**
 * Removes built-ins that k6 doesn't have and adapts process globals to VUs: `process.exit` is rejected, `Math.random`
 * respects `randomSeed()`, and pending `crypto.subtle` calls keep the VU's event loop alive. Use this only in processes
 * that do nothing but run scripts.
 */
export function patchProcess(): void {
  removeNewerBuiltins();
  // Node defines it as a getter, which every reading of the clock would call.
  Object.defineProperty(globalThis, 'performance', { value: performance, writable: true, configurable: true });
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
