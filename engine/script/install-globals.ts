import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { GoError } from '../base/errors.ts';
import type { Vu } from '../vu/vu.ts';
import { currentVu } from '../vu/vu.ts';

let isInstalled = false;

/**
 * Defines the globals that only k6 has (`__ENV`, `__VU`, `__ITER` and `open`), and makes `module` and `exports` throw.
 * Each of them refers to the running VU and is undefined if there is none.
 */
export function installGlobals(): void {
  if (isInstalled) return;
  isInstalled = true;
  define('__ENV', (vu) => vu.env);
  define('__VU', (vu) => vu.id);
  define('__ITER', (vu) => (vu.iteration < 0 ? undefined : vu.iteration));
  for (const name of ['module', 'exports']) refuse(name);
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

/** Makes a name throw, because ES modules have neither `module` nor `exports`. k6 throws even for `typeof`. */
function refuse(name: string): void {
  const access = () => {
    if (!currentVu()) return undefined;
    throw new GoError(
      `you are trying to access identifier ${JSON.stringify(name)}, this likely is due to mixing ECMAScript Modules (ESM) and CommonJS syntax. This isn't supported in the JavaScript standard, please use only one or the other`,
    );
  };
  Object.defineProperty(globalThis, name, { configurable: true, get: access, set: access });
}

/**
 * Implements `open()`, which reads a file as text, or as bytes in mode `b`. Paths are relative to the module that is
 * being evaluated.
 */
export function open(vu: Vu, path: string, mode?: string): string | ArrayBuffer {
  if (vu.phase !== 'init') {
    throw new GoError('The "open()" function is only available in the init stage (i.e. the global scope)');
  }
  const content = readFileSync(fileURLToPath(new URL(String(path), vu.evaluating ?? vu.test.script)));
  return mode === 'b' ? new Uint8Array(content).buffer : content.toString();
}
