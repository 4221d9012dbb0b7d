import { callable } from '../base/callable.ts';
import { GoError } from '../base/errors.ts';
import type { Vu } from '../vu/vu.ts';

/** Implements `k6/data`. */
export function createDataModule(vu: Vu): object {
  /** A named array that is built once for all VUs. Its elements are read-only copies. */
  class SharedArray {
    constructor(name: unknown, build: unknown) {
      if (vu.phase !== 'init') throw new GoError('new SharedArray must be called in the init context');
      if (typeof name !== 'string' || name === '')
        throw new GoError("empty name provided to SharedArray's constructor");
      if (typeof build !== 'function')
        throw new GoError("a function is expected as the second argument of SharedArray's constructor");
      const arrays = vu.test.sharedArrays;
      const texts = arrays.get(name) ?? serialize(build());
      arrays.set(name, texts);
      // biome-ignore lint/correctness/noConstructorReturn: scripts call it with `new`, and get the array itself
      return readOnly(texts) as SharedArray;
    }
  }
  return { SharedArray: callable(SharedArray) };
}

function serialize(built: unknown): string[] {
  if (built === undefined || built === null) throw new TypeError('Cannot convert undefined or null to object');
  if (!Array.isArray(built)) throw new GoError('only arrays can be made into SharedArray');
  return built.map((item) => JSON.stringify(item) ?? 'null');
}

/** Creates a read-only array from JSON strings. Elements are parsed on each access. */
export function readOnly(texts: readonly string[]): object {
  const refuse = () => false;
  const indexOf = (name: string | symbol) => (typeof name === 'string' && /^\d+$/.test(name) ? Number(name) : -1);
  const item = (index: number) => {
    const text = texts[index];
    return text === undefined ? undefined : deepFreeze(JSON.parse(text));
  };
  return new Proxy(new Array(texts.length), {
    get: (target, name, receiver) => (indexOf(name) < 0 ? Reflect.get(target, name, receiver) : item(indexOf(name))),
    ownKeys: () => [...Object.keys(texts), 'length'],
    getOwnPropertyDescriptor: (target, name) => {
      const index = indexOf(name);
      if (index < 0 || index >= texts.length) return Reflect.getOwnPropertyDescriptor(target, name);
      return { value: item(index), writable: false, enumerable: true, configurable: true };
    },
    has: (target, name) => (indexOf(name) >= 0 ? indexOf(name) < texts.length : Reflect.has(target, name)),
    set: refuse,
    defineProperty: refuse,
    deleteProperty: refuse,
  });
}

function deepFreeze(value: unknown): unknown {
  if (value === null || typeof value !== 'object') return value;
  for (const item of Object.values(value)) deepFreeze(item);
  return Object.freeze(value);
}
