import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { GoError } from '../errors.ts';
import { currentVu } from '../vu/current-vu.ts';
import type { Vu } from '../vu/vu.ts';

let isInstalled = false;

/**
 * Defines the globals that only k6 has: `__ENV`, `__VU`, `__ITER` and `open`. Each answers for the VU whose code is
 * running, and outside of one is not defined.
 */
export function installGlobals(): void {
  if (isInstalled) return;
  isInstalled = true;
  define('__ENV', (vu) => vu.env);
  define('__VU', (vu) => vu.id);
  define('__ITER', (vu) => (vu.iteration < 0 ? undefined : vu.iteration));
  define('open', (vu) => (path: string, mode?: string) => open(vu, path, mode));
}

function define(name: string, read: (vu: Vu) => unknown): void {
  Object.defineProperty(globalThis, name, {
    configurable: true,
    get: () => {
      const vu = currentVu();
      const value = vu && read(vu);
      if (value === undefined) throw new ReferenceError(`${name} is not defined`);
      return value;
    },
  });
}

/** `open()`: a file's text, or its bytes with mode `b`. Paths are relative to the script. */
export function open(vu: Vu, path: string, mode?: string): string | ArrayBuffer {
  if (vu.phase !== 'init') {
    throw new GoError('The "open()" function is only available in the init stage (i.e. the global scope)');
  }
  const content = readFileSync(fileURLToPath(new URL(String(path), vu.test.script)));
  return mode === 'b' ? new Uint8Array(content).buffer : content.toString();
}
