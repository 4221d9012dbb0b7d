import { type Amount, numberOf, secondsOf } from './amount.ts';
import type { Code } from './code.ts';
import { type Call, isWithin, lastOf, type Module, SPREAD, type Value } from './syntax.ts';

/** A circuit breaker in the code. What is not known is absent. */
export interface FoundBreaker {
  /** The file and line. */
  readonly from: string;
  readonly library: string;
  readonly module: Module;
  /** The name of the variable or function that has it. */
  readonly name: string;
  readonly threshold?: Amount | undefined;
  readonly rate?:
    | { readonly rate: number; readonly window: string; readonly minimum: number; readonly boundary: 'at' | 'above' }
    | undefined;
  readonly recovery?: Amount | undefined;
  readonly timeout?: Amount | undefined;
  readonly trials?: string | undefined;
  readonly toClose?: string | undefined;
}

type Numbers = Omit<FoundBreaker, 'from' | 'module' | 'name' | 'library'>;
type Reader = (code: Code, call: Call, module: Module) => Numbers | undefined;

/** How each library is called, and what its options mean. Their defaults are those of the libraries. */
const LIBRARIES: readonly { library: string; imported: RegExp; callee: RegExp; read: Reader }[] = [
  {
    library: 'opossum',
    imported: /^opossum$/,
    callee: /(^|\.)(CircuitBreaker|CircuitBreaker\.default|Opossum|opossum)$/,
    read(code, { args }, module) {
      const options = args[1];
      const at = (name: string) => optionOf(code, options, name, module);
      const number = (name: string) => numberOf(code, at(name), module);
      const recovery = at('resetTimeout') ? secondsOf(code, at('resetTimeout'), module, 0.001) : { value: 30 };
      const isOff = at('timeout') && code.evaluate(at('timeout'), module).value === false;
      const timeout = at('timeout') ? secondsOf(code, at('timeout'), module, 0.001) : { value: 10 };
      const windowMs = at('rollingCountTimeout') ? number('rollingCountTimeout')?.value : 10_000;
      const percentage = at('errorThresholdPercentage') ? number('errorThresholdPercentage') : { value: 50 };
      const minimum = number('volumeThreshold')?.value ?? 0;
      return {
        ...(percentage &&
          windowMs &&
          minimum >= 2 && {
            rate: { rate: percentage.value, window: `${windowMs / 1_000} seconds`, minimum, boundary: 'above' },
          }),
        recovery,
        ...(!isOff && { timeout }),
        trials: '1',
      };
    },
  },
  {
    library: 'cockatiel',
    imported: /^cockatiel$/,
    callee: /(^|\.)circuitBreaker$/,
    read(code, { args }, module) {
      const options = args[1];
      const policy = optionOf(code, options, 'breaker', module);
      const found = policy?.is === 'name' ? code.resolve(policy.name, module) : policy && { value: policy, module };
      const made = found?.value.is === 'call' ? found.value : undefined;
      const kind = lastOf(made?.callee ?? '');
      const at = (name: string) => numberOf(code, optionOf(code, made?.args[0], name, module), module)?.value;
      const recovery = secondsOf(code, optionOf(code, options, 'halfOpenAfter', module), module, 0.001);
      const common = { recovery, trials: '1', timeout: timeoutOf(code, module) };
      if (kind === 'ConsecutiveBreaker') return { ...common, threshold: numberOf(code, made?.args[0], module) };
      const rate = at('threshold');
      if (kind === 'CountBreaker' && rate !== undefined) {
        const size = at('size') ?? 100;
        return {
          ...common,
          rate: {
            rate: rate * 100,
            window: `${size} calls`,
            minimum: at('minimumNumberOfCalls') ?? size,
            boundary: 'at',
          },
        };
      }
      const durationMs = at('duration');
      if (kind !== 'SamplingBreaker' || rate === undefined || durationMs === undefined) return common;
      const perSecond = at('minimumRps') ?? 5 / (rate * (durationMs / 1_000));
      const minimum = Math.max(2, Math.ceil((perSecond * durationMs) / 1_000));
      return {
        ...common,
        rate: { rate: rate * 100, window: `${durationMs / 1_000} seconds`, minimum, boundary: 'above' },
      };
    },
  },
  {
    library: 'pybreaker',
    imported: /^pybreaker/,
    callee: /(^|\.)CircuitBreaker$/,
    read: consecutive(['fail_max', 5], ['reset_timeout', 60], { trials: '1' }),
  },
  {
    library: 'aiobreaker',
    imported: /^aiobreaker/,
    callee: /(^|\.)CircuitBreaker$/,
    read: consecutive(['fail_max', 5], ['timeout_duration', 60]),
  },
  {
    library: 'circuitbreaker',
    imported: /^circuitbreaker/,
    callee: /(^|\.)(CircuitBreaker|circuit)$/,
    read: consecutive(['failure_threshold', 5], ['recovery_timeout', 30], { trials: 'any', toClose: '1' }),
  },
  {
    library: 'gobreaker',
    imported: /./,
    callee: /^gobreaker\.Settings$/,
    read(code, { named }, module) {
      const trip = named.ReadyToTrip;
      const written = trip ? module.text.slice(trip.from, trip.to) : '';
      const compared = module.operations.find(
        ({ from, to, left }) =>
          trip && isWithin({ from, to }, trip) && left.is === 'name' && /\.ConsecutiveFailures$/.test(left.name),
      );
      const number = compared && numberOf(code, compared.right, module);
      const threshold = number && compared.operator === '>' ? { value: number.value + 1 } : number;
      // In its closed state, a breaker without an interval never forgets, so that a rate has no window.
      const trials = numberOf(code, named.MaxRequests, module)?.value || 1;
      return {
        threshold: trip ? (/ConsecutiveFailures\s*>=?/.test(written) ? threshold : undefined) : { value: 6 },
        recovery: named.Timeout ? secondsOf(code, named.Timeout, module, 1) : { value: 60 },
        timeout: timeoutOf(code, module),
        trials: String(trials),
        toClose: String(trials),
      };
    },
  },
];

/** Returns the circuit breakers in a service's code. */
export function breakersOf(code: Code): FoundBreaker[] {
  return code.modules.flatMap((module) =>
    module.calls.flatMap((call) => {
      const known = LIBRARIES.find(
        ({ imported, callee }) => callee.test(call.callee) && isImported(module, imported, call),
      );
      const numbers = known?.read(code, call, module);
      if (!known || !numbers) return [];
      const owner =
        module.definitions.findLast(({ value }) => isWithin(call, value)) ??
        module.functions.find((declared) => isWithin(call, declared));
      return [{ ...numbers, library: known.library, from: code.at(module, call), module, name: owner?.name ?? '' }];
    }),
  );
}

const isImported = ({ imports }: Module, library: RegExp, { callee }: Call): boolean =>
  imports.some(({ from }) => library.test(from.split('.')[0] ?? '')) || callee.startsWith('gobreaker.');

type Option = readonly [name: string, usual: number];

/** Returns how to read the first two arguments of a breaker in Python: its threshold, and its seconds until a trial. */
function consecutive([threshold, failures]: Option, [recovery, seconds]: Option, more: Numbers = {}): Reader {
  return (code, { named, args }, module) => {
    const usual = (name: string, value: number) => (named[name] || args.length > 0 ? undefined : { value });
    return {
      threshold: numberOf(code, named[threshold] ?? args[0], module) ?? usual(threshold, failures),
      recovery: secondsOf(code, named[recovery] ?? args[1], module, 1) ?? usual(recovery, seconds),
      timeout: timeoutOf(code, module),
      ...more,
    };
  };
}

/**
 * Returns an option of a call, or undefined if it is not given, so that its default applies. If the options are not
 * known, the result has no value.
 */
export function optionOf(
  code: Code,
  options: Value | undefined,
  name: string,
  module: Module,
  depth = 0,
): Value | undefined {
  if (options === undefined) return undefined;
  const record = options.is === 'name' ? code.resolve(options.name, module)?.value : options;
  if (record?.is !== 'record' || depth > 5) return { from: options.from, to: options.to, is: 'other' };
  if (Object.hasOwn(record.fields, name)) return record.fields[name];
  return optionOf(code, record.fields[SPREAD], name, module, depth + 1);
}

/** What limits the time of a call, with the seconds per unit of its argument. */
const TIMEOUTS: readonly { callee: RegExp; unit: number; value: (call: Call) => Value | undefined }[] = [
  { callee: /^AbortSignal\.timeout$/, unit: 0.001, value: ({ args }) => args[0] },
  { callee: /^timeout$/, unit: 0.001, value: ({ args }) => args[0] },
  {
    callee: /^axios\.create$/,
    unit: 0.001,
    value: ({ args }) => (args[0]?.is === 'record' ? args[0].fields.timeout : undefined),
  },
  {
    callee: /^(httpx|requests|client|session|http)\.(get|post|put|patch|request)$/,
    unit: 1,
    value: ({ named }) => named.timeout,
  },
  { callee: /^(httpx\.)?(Async)?Client$/, unit: 1, value: ({ named }) => named.timeout },
  { callee: /^http\.Client$/, unit: 1, value: ({ named }) => named.Timeout },
  { callee: /^asyncio\.(timeout|wait_for)$/, unit: 1, value: ({ args, named }) => named.timeout ?? args.at(-1) },
  { callee: /^context\.WithTimeout$/, unit: 1, value: ({ args }) => args[1] },
];

/** Returns the only timeout of calls in a module, or in the whole code. */
function timeoutOf(code: Code, module: Module): Amount | undefined {
  for (const modules of [[module], code.modules]) {
    const found = modules.flatMap((other) =>
      other.calls.flatMap((call) =>
        TIMEOUTS.filter(({ callee }) => callee.test(call.callee)).flatMap(
          ({ unit, value }) => secondsOf(code, value(call), other, unit) ?? [],
        ),
      ),
    );
    if (found.length > 0) return new Set(found.map(({ value }) => value)).size === 1 ? found[0] : undefined;
  }
  return undefined;
}

const OPEN =
  /EOPENBREAKER|BrokenCircuitError|isBrokenCircuitError|CircuitBreakerError|CircuitBreakerOpen|ErrOpenState|\.opened\b/g;
const STATUS =
  /\b(?:status|code|send|status_code|statusCode|HTTPException|Error|abort|WriteHeader|JSON)\b[(=:\s]+(?:status_code\s*=\s*)?(?:w,[^,]*,\s*)?(\d{3})\b|http\.Status(ServiceUnavailable|BadGateway|TooManyRequests)|HTTP_(\d{3})_/;
const NAMED: Readonly<Record<string, string>> = {
  ServiceUnavailable: '503',
  BadGateway: '502',
  TooManyRequests: '429',
};

/** Returns the status with which the code responds while a breaker is open, and where it is. */
export function refusalOf(code: Code): { status: string; from: string } | undefined {
  for (const module of code.modules) {
    for (const { index } of module.text.matchAll(OPEN)) {
      const [, number, named, constant] = STATUS.exec(module.text.slice(index, index + 300)) ?? [];
      const status = number ?? constant ?? NAMED[named ?? ''];
      if (status && status >= '400') return { status, from: code.at(module, { from: index, to: index }) };
    }
  }
  return undefined;
}
