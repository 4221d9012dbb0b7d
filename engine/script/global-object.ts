import { GoError } from '../base/errors.ts';
import { formatValue } from '../base/format-value.ts';
import type { Level, Logger } from '../base/logger.ts';
import { ScriptPromise } from '../blocking/promise.ts';
import { currentVu, type Vu } from '../vu/vu.ts';
import { open } from './install-globals.ts';

/** JavaScript's globals in k6 v2.2.0. Newer ones are missing. */
const OF_THE_LANGUAGE =
  `AggregateError Array ArrayBuffer BigInt BigInt64Array BigUint64Array Boolean DataView Date Error EvalError
  Float32Array Float64Array Function Infinity Int16Array Int32Array Int8Array JSON Map Math NaN Number Object Promise
  Proxy RangeError ReferenceError Reflect RegExp Set String Symbol SyntaxError TypeError URIError Uint16Array
  Uint32Array Uint8Array Uint8ClampedArray WeakMap WeakSet decodeURI decodeURIComponent encodeURI encodeURIComponent
  escape eval isFinite isNaN parseFloat parseInt undefined unescape`.split(/\s+/);

/** Web APIs that both k6 and Node provide. */
const OF_THE_WEB = ['TextDecoder', 'TextEncoder', 'crypto'];

/** k6's globals that belong to a VU. */
const OF_A_VU = `GoError __ENV __ITER __VU clearInterval clearTimeout console global globalThis open setInterval
  setTimeout`.split(/\s+/);

const known = new Set<string>([...OF_THE_LANGUAGE, ...OF_THE_WEB, ...OF_A_VU]);

/** Node's globals that k6 doesn't have. They are undefined in scripts unless the script defines them. */
const HIDDEN: readonly string[] = Object.getOwnPropertyNames(globalThis).filter(
  (name) => !known.has(name) && /^[A-Za-z_$][\w$]*$/.test(name),
);

type Assign = (name: string, value: unknown) => void;

/** Names that a VU's modules can use without importing them. */
export interface ScriptGlobals {
  /** Initial values by name. */
  readonly values: Readonly<Record<string, unknown>>;
  /** Adds a function that assigns a new value to a name in one of the VU's modules. */
  bind(assign: Assign): void;
}

/**
 * Creates one VU's globals, including its own global object. Node's global object is shared by all VUs, so each VU
 * would see the properties that others set there. As in k6, modules can use properties that a script sets on the global
 * object without importing them.
 *
 * @param waits Whether the script is rewritten, so that it needs promises whose jobs wait.
 */
export function createScriptGlobals(vu: Vu, waits: boolean): ScriptGlobals {
  const bound: Assign[] = [];
  const own: Record<string, unknown> = { GoError, console: createConsole(vu.test.logger), ...vu.timers };
  if (waits) own.Promise = ScriptPromise;
  for (const name of HIDDEN) own[name] = undefined;
  const target = Object.defineProperties({}, { ...BUILT_IN, ...perVu(vu) }) as Record<string, unknown>;
  const publish = (key: string | symbol): void => {
    if (typeof key !== 'string') return;
    if (!Object.hasOwn(values, key)) share(key);
    else for (const assign of bound) assign(key, target[key]);
  };
  const proxy: Record<string, unknown> = new Proxy(target, {
    defineProperty(to, key, descriptor) {
      const isDefined = Reflect.defineProperty(to, key, descriptor);
      if (isDefined) publish(key);
      return isDefined;
    },
    deleteProperty(from, key) {
      const isDeleted = Reflect.deleteProperty(from, key);
      if (isDeleted) publish(key);
      return isDeleted;
    },
  });
  const values = { ...own, global: proxy, globalThis: proxy };
  for (const [name, value] of Object.entries(values)) {
    if (!HIDDEN.includes(name))
      Object.defineProperty(target, name, { ...visible(value), enumerable: name !== 'Promise' });
  }
  vu.globalObject = proxy;
  return { values, bind: (assign) => bound.push(assign) };
}

const BUILT_IN = Object.fromEntries(
  [...OF_THE_LANGUAGE, ...OF_THE_WEB].map((name) => [
    name,
    { value: (globalThis as Record<string, unknown>)[name], writable: true, configurable: true },
  ]),
);

const visible = (value: unknown): PropertyDescriptor => ({
  value,
  writable: true,
  enumerable: true,
  configurable: true,
});

const perVu = (vu: Vu): PropertyDescriptorMap => ({
  [Symbol.toStringTag]: { value: 'global' },
  // A scenario has its own variables.
  __ENV: {
    get: () => vu.env,
    set: (env) => {
      vu.env = env;
    },
    enumerable: true,
    configurable: true,
  },
  __VU: visible(vu.id),
  __ITER: { get: () => (vu.iteration < 0 ? undefined : vu.iteration), enumerable: true, configurable: true },
  open: visible((path: unknown, mode?: string) => open(vu, path, mode)),
});

/** Also defines a name created by a script on Node's global object, as a getter that looks it up in the running VU. */
function share(name: string): void {
  if (name in globalThis) return;
  const ofRunning = (): Record<string, unknown> => currentVu()?.globalObject ?? {};
  Object.defineProperty(globalThis, name, {
    configurable: true,
    get: () => ofRunning()[name],
    set: (value) => {
      ofRunning()[name] = value;
    },
  });
}

type VuConsole = Record<'log' | 'info' | 'warn' | 'error' | 'debug', (...values: unknown[]) => void>;

/** Creates the console for scripts. It writes to the run's log and, as in k6, does not support format specifiers. */
function createConsole(logger: Logger): VuConsole {
  const at =
    (level: Level) =>
    (...values: unknown[]): void =>
      logger.log(level, values.map(formatValue).join(' '), { source: 'console' });
  return { log: at('info'), info: at('info'), warn: at('warning'), error: at('error'), debug: at('debug') };
}
