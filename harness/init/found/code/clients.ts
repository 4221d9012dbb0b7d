import { SDK_RETRIES } from '../../../../faults/fakes/provider.ts';
import { type Amount, numberOf, secondsOf } from './amount.ts';
import { optionOf } from './breakers.ts';
import type { Code } from './code.ts';
import { type Call, lastOf, type Module, type Value } from './syntax.ts';

/** The client of a provider's SDK in the code. */
export interface FoundClient {
  readonly from: string;
  /** How often it repeats a failed call, or undefined if that is not known. */
  readonly retries?: Amount | undefined;
  /** Whether that is the default of the SDK. */
  readonly isUsual: boolean;
  readonly timeout?: Amount | undefined;
}

/** Returns the clients whose constructors have one of these names, such as `OpenAI`. */
export function clientsOf(code: Code, constructors: readonly string[]): FoundClient[] {
  const found: FoundClient[] = [];
  for (const { module, call } of code.callsOf(/./)) {
    const name = lastOf(call.callee.replace(/\.default$/, ''));
    if (!constructors.includes(name.replace(/^Async/, ''))) continue;
    const option = (javascript: string, python: string): Value | undefined =>
      call.named[python] ?? optionOf(code, call.args[0], javascript, module);
    const retries = option('maxRetries', 'max_retries');
    const unit = module.file.endsWith('.py') ? 1 : 0.001;
    found.push({
      from: code.at(module, call),
      retries: retries ? numberOf(code, retries, module) : { value: SDK_RETRIES.attempts - 1 },
      isUsual: retries === undefined,
      timeout: secondsOf(code, option('timeout', 'timeout'), module, unit),
    });
  }
  return found;
}

/** Libraries that repeat calls: their callee, the option with the number of retries or attempts, and its default. */
const RETRIES: readonly {
  callee: RegExp;
  option: (code: Code, call: Call, module: Module) => Value | undefined;
  /** How many attempts are made beside those of the option. */
  more: number;
  usual?: number;
}[] = [
  // tenacity: @retry(stop=stop_after_attempt(3))
  {
    callee: /(^|\.)stop_after_attempt$/,
    option: (_, { args, named }) => args[0] ?? named.max_attempt_number,
    more: 0,
  },
  // axios-retry: axiosRetry(client, { retries: 3 })
  {
    callee: /^axiosRetry(\.default)?$/,
    option: (code, { args }, module) => optionOf(code, args[1], 'retries', module),
    more: 1,
    usual: 3,
  },
  // got: got.extend({ retry: { limit: 2 } })
  {
    callee: /^got(\.\w+)?$/,
    option: (code, { args }, module) => {
      const retry = args.map((arg) => optionOf(code, arg, 'retry', module)).find((found) => found?.is === 'record');
      return optionOf(code, retry, 'limit', module);
    },
    more: 1,
  },
];

/** Returns how often the only library that repeats calls attempts one, and where the code says so. */
export function attemptsOf(code: Code): { from: string; attempts: number } | undefined {
  const found = [...code.callsOf(/retry|stop_after_attempt|got/i)].flatMap(({ module, call }) => {
    const library = RETRIES.find(({ callee }) => callee.test(call.callee));
    const written = library?.option(code, call, module);
    const value = written ? numberOf(code, written, module)?.value : library?.usual;
    return library && value !== undefined ? [{ from: code.at(module, call), attempts: value + library.more }] : [];
  });
  return new Set(found.map(({ attempts }) => attempts)).size === 1 ? found[0] : undefined;
}

/** The connection pools of drivers: their callee, and the options with their size and the time to wait for a connection. */
const POOLS: readonly { callee: RegExp; max: string; wait?: string; unit: number }[] = [
  { callee: /^(pg\.)?Pool$/, max: 'max', wait: 'connectionTimeoutMillis', unit: 0.001 },
  { callee: /^(asyncpg\.)?create_pool$/, max: 'max_size', unit: 1 },
  { callee: /^(Async)?ConnectionPool$/, max: 'max_size', wait: 'timeout', unit: 1 },
  { callee: /(^|\.)create(_async)?_engine$/, max: 'pool_size', wait: 'pool_timeout', unit: 1 },
];

/** Returns the size of the only connection pool in the code, and the seconds that a request waits for a connection. */
export function poolOf(code: Code): { from: string; max?: Amount | undefined; wait?: Amount | undefined } | undefined {
  const found = [...code.callsOf(/pool|engine/i)].flatMap(({ module, call }) => {
    const pool = POOLS.find(({ callee }) => callee.test(call.callee));
    if (!pool) return [];
    const option = (name = '') => call.named[name] ?? optionOf(code, call.args[0], name, module);
    const max = numberOf(code, option(pool.max), module);
    return [{ from: code.at(module, call), max, wait: secondsOf(code, option(pool.wait), module, pool.unit) }];
  });
  return found.length === 1 ? found[0] : undefined;
}
