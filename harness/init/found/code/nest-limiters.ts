import { type Amount, numberOf, secondsOf } from './amount.ts';
import { optionOf } from './breakers.ts';
import type { Code } from './code.ts';
import type { FoundLimiter } from './found-limiter.ts';
import type { Route } from './routes.ts';
import { type Call, isWithin, type Module, type Value } from './syntax.ts';

type Numbers = Readonly<Record<'max' | 'seconds', Amount>> & { readonly unsaid?: string };

const BLOCKS =
  '@nestjs/throttler keeps refusing a client for a whole `blockDuration` after it has refused it once, by default as ' +
  'long as `ttl`. No window of a contract describes that. With `blockDuration: 0` it can be judged, as sliding';

/** What turns the helpers of `@nestjs/throttler`, such as `minutes(1)`, into seconds. */
const HELPERS: Readonly<Record<string, number>> = {
  seconds: 1,
  minutes: 60,
  hours: 3_600,
  days: 86_400,
  weeks: 604_800,
};

/**
 * Returns the limits of `@nestjs/throttler`. Each route has its own, whose requests leave it one by one. Times are in
 * milliseconds since version 5, in which `forRoot` takes a list. Before, they were in seconds.
 */
export function* nestLimiters(code: Code, routes: readonly Route[]): Generator<FoundLimiter> {
  for (const { module, call } of code.callsOf(/^ThrottlerModule\.forRoot$/)) {
    const [options] = call.args;
    const given = options?.is === 'record' ? (options.fields.throttlers ?? options) : options;
    const isList = given?.is === 'list';
    const first = isList ? given.items[0] : given;
    const usual = numbersIn(code, first, module, isList ? 0.001 : 1);
    const isGlobal = code.modules.some(
      ({ text }) => /useGlobalGuards\(|APP_GUARD/.test(text) && /ThrottlerGuard/.test(text),
    );
    for (const route of routes) {
      const decorators = decoratorsOf(route);
      const named = (name: string) => decorators.find(({ callee }) => callee === name);
      if (named('SkipThrottle') || !(isGlobal || isGuarded(decorators, route.module))) continue;
      const own = named('Throttle');
      const numbers = own ? ownNumbers(code, own, route.module) : usual;
      if (!numbers) continue;
      const at = own ? code.at(route.module, own) : code.at(module, call);
      yield { ...numbers, from: at, window: 'sliding', client: 'socket', routes: [route] };
    }
  }
}

/** Returns the decorators of a route's method, and then those of its class. */
function decoratorsOf({ decorated, module }: Route): readonly Call[] {
  if (!decorated) return [];
  const owner = module.classes.find((declared) => isWithin(decorated, declared));
  return [...decorated.decorators, ...(owner?.decorators ?? [])];
}

const isGuarded = (decorators: readonly Call[], { text }: Module): boolean =>
  decorators.some(({ callee, from, to }) => callee === 'UseGuards' && text.slice(from, to).includes('ThrottlerGuard'));

/** Returns the numbers of `@Throttle({ default: { limit, ttl } })`, or of `@Throttle(limit, ttl)` before version 5. */
function ownNumbers(code: Code, { args: [first, second] }: Call, module: Module): Numbers | undefined {
  if (first?.is === 'record') return numbersIn(code, Object.values(first.fields)[0], module, 0.001);
  const [max, seconds] = [numberOf(code, first, module), secondsOf(code, second, module, 1)];
  return max && seconds && { max, seconds };
}

function numbersIn(code: Code, value: Value | undefined, module: Module, unit: number): Numbers | undefined {
  const max = numberOf(code, optionOf(code, value, 'limit', module), module);
  const ttl = optionOf(code, value, 'ttl', module);
  const factor = ttl?.is === 'call' ? HELPERS[ttl.callee] : undefined;
  const seconds =
    factor !== undefined && ttl?.is === 'call'
      ? secondsOf(code, ttl.args[0], module, factor)
      : secondsOf(code, ttl, module, unit);
  if (!max || !seconds) return undefined;
  // Before version 5, it did not block.
  const blocks = unit === 1 ? 0 : numberOf(code, optionOf(code, value, 'blockDuration', module), module)?.value;
  return { max, seconds, ...(blocks !== 0 && { unsaid: BLOCKS }) };
}
