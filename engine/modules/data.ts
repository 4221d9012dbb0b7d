import { callable } from '../base/callable.ts';
import { deepFreeze } from '../base/deep-freeze.ts';
import { GoError } from '../base/errors.ts';
import { goText } from '../base/go-format.ts';
import type { Vu } from '../vu/vu.ts';
import { isAsyncFunction } from './is-async-function.ts';

/** Implements `k6/data`. */
export function createDataModule(vu: Vu): object {
  /** A named array that is built once for all VUs. Its elements are read-only copies. */
  class SharedArray {
    constructor(name: unknown, build: unknown) {
      if (vu.phase !== 'init') throw new GoError('new SharedArray must be called in the init context');
      const key = goText(name);
      if (key === '') throw new GoError("empty name provided to SharedArray's constructor");
      if (isAsyncFunction(build))
        throw new GoError('SharedArray constructor does not support async functions as second argument');
      if (typeof build !== 'function')
        throw new GoError("a function is expected as the second argument of SharedArray's constructor");
      const arrays = vu.test.sharedArrays;
      const texts = arrays.get(key) ?? serialize(build());
      arrays.set(key, texts);
      // biome-ignore lint/correctness/noConstructorReturn: scripts call it with `new`, and get the array itself
      return readOnly(texts) as SharedArray;
    }
  }
  return { SharedArray: callable(SharedArray) };
}

function serialize(built: unknown): string[] {
  if (built === undefined || built === null) throw new TypeError('Cannot convert undefined or null to object');
  if (!Array.isArray(built)) throw new GoError('only arrays can be made into SharedArray');
  // As in k6, reading an element that JSON can't express, such as a function, throws a SyntaxError.
  return Array.from(built, (item) => String(JSON.stringify(item)));
}

/** Creates a read-only array from JSON strings. Elements are parsed on each access. */
export function readOnly(texts: readonly string[]): object {
  const refuse = () => {
    throw new TypeError('SharedArray is immutable');
  };
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
