import { readFileSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { GoError } from '../base/errors.ts';
import type { Vu } from '../vu/vu.ts';
import { currentVu } from '../vu/vu.ts';

let isInstalled = false;

/** Returns the error for a function that is called outside of the init stage. */
export const onlyInInit = (name: string): GoError =>
  new GoError(
    `the "${name}" function is only available in the init stage (i.e. the global scope), see https://grafana.com/docs/k6/latest/using-k6/test-lifecycle/ for more information`,
  );

/** Defines the running VU's `__ENV`, `__VU`, `__ITER` and `open`, and makes `module` and `exports` throw. */
export function installGlobals(): void {
  if (isInstalled) return;
  isInstalled = true;
  define('__ENV', (vu) => vu.env);
  define('__VU', (vu) => vu.id);
  define('__ITER', (vu) => (vu.iteration < 0 ? undefined : vu.iteration));
  for (const name of ['module', 'exports']) refuse(name);
  define('open', (vu) => (path: unknown, mode?: string) => open(vu, path, mode));
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
 * being evaluated. As in k6, a VU can only open files that the script also opened before the VUs were created.
 *
 * @throws GoError if there is no such file
 */
export function open(vu: Vu, path: unknown, mode?: string): string | ArrayBuffer {
  if (vu.phase !== 'init') throw onlyInInit('open');
  const given = String(path ?? '').replace(/^file:\/\//, '');
  if (given === '') throw new GoError("open() can't be used with an empty filename");
  const file = resolve(dirname(fileURLToPath(vu.evaluating ?? vu.test.script)), given);
  const { loaded } = vu.test;
  if (vu.id === 0) loaded.add(file);
  else if (!loaded.has(file)) {
    const problem = "open() can't be used with files that weren't previously opened during initialization (__VU==0)";
    throw new GoError(`${problem}, path: ${JSON.stringify(file)}`);
  }
  const content = contentOf(file);
  return mode === 'b' ? new Uint8Array(content).buffer : content.toString();
}

function contentOf(file: string): Buffer {
  const stat = statSync(file, { throwIfNoEntry: false });
  if (!stat) throw new GoError(`stat ${file}: no such file or directory`);
  if (stat.isDirectory()) throw new GoError(`open() can't be used with directories, path: ${JSON.stringify(file)}`);
  return readFileSync(file);
}
