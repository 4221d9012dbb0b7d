import { type Amount, numberOf, secondsOf } from './amount.ts';
import { optionOf } from './breakers.ts';
import type { Code } from './code.ts';
import type { FoundLimiter } from './found-limiter.ts';
import { nestLimiters } from './nest-limiters.ts';
import type { Route } from './routes.ts';
import { type Call, isWithin, lastOf, type Module, type Value } from './syntax.ts';

/** Returns the rate limiters in a service's code. Those with unknown numbers are left out. */
export const limitersOf = (code: Code, routes: readonly Route[]): FoundLimiter[] => [
  ...expressLimiters(code, routes),
  ...fastifyLimiters(code, routes),
  ...pythonLimiters(code, routes),
  ...goLimiters(code, routes),
  ...nestLimiters(code, routes),
];

function* expressLimiters(code: Code, routes: readonly Route[]): Generator<FoundLimiter> {
  for (const { module, call } of code.callsOf(
    /^(rateLimit|rateLimiter|RateLimit|rateLimit\.rateLimit|expressRateLimit|slowDown)$/,
  )) {
    if (!module.imports.some(({ from }) => /^(express-rate-limit|hono-rate-limiter)$/.test(from))) continue;
    const at = (name: string) => optionOf(code, call.args[0], name, module);
    const limit = at('limit') ?? at('max');
    const max = limit ? numberOf(code, limit, module) : { value: 5 };
    const seconds = at('windowMs') ? secondsOf(code, at('windowMs'), module, 0.001) : { value: 60 };
    if (!max || !seconds) continue;
    const key = at('keyGenerator');
    const client = key ? headerIn(key, module) : proxied(code, /^[\w.]+\.set$/, 'trust proxy');
    yield {
      from: code.at(module, call),
      max,
      seconds,
      window: 'first-request',
      client,
      routes: limitedBy(code, call, module, routes),
    };
  }
}

/** Returns the routes to which a limiter is applied: as a handler, or to a router or path. */
function limitedBy(code: Code, call: Call, module: Module, routes: readonly Route[]): Route[] {
  const name =
    module.definitions.find(({ value }) => isWithin(call, value))?.name ??
    module.functions.find((declared) => isWithin(call, declared))?.name;
  const isIt = (value: Value, owner: Module): boolean =>
    (owner === module && isWithin(call, value)) ||
    (value.is === 'name' && name !== undefined && lastOf(value.name) === lastOf(name)) ||
    (value.is === 'call' && name !== undefined && lastOf(value.callee) === lastOf(name)) ||
    (value.is === 'list' && value.items.some((item) => isIt(item, owner)));
  const uses = code.modules.flatMap((owner) =>
    owner.calls
      .filter(({ callee, args }) => /\.(use|addHook)$/.test(callee) && args.some((arg) => isIt(arg, owner)))
      .map((use) => ({ owner, use, prefix: use.args[0]?.is === 'constant' ? String(use.args[0].constant) : '' })),
  );
  return routes.filter(
    (route) =>
      route.handlers.some((handler) => isIt(handler, route.module)) ||
      uses.some(({ owner, use, prefix }) => {
        const receiver = use.callee.slice(0, use.callee.lastIndexOf('.'));
        const isAbove = /app|server/i.test(receiver);
        if (isAbove) return route.path.startsWith(prefix) && !(route.module === owner && route.range.from < use.from);
        return route.module === owner && route.range.from > use.from && route.call.callee.startsWith(`${receiver}.`);
      }),
  );
}

/** Returns how a function that returns a client's key finds it. */
function headerIn(key: Value, { text }: Module): string | undefined {
  const written = text.slice(key.from, key.to);
  const [, quoted, dotted] = /headers?(?:\(|\[|\.get\()\s*['"`]([\w-]+)['"`]|\.get\(\s*['"`]x-/i.exec(written) ?? [];
  const [, got] = /\.(?:get|header)\(\s*['"`]([\w-]+)['"`]/.exec(written) ?? [];
  const name = quoted ?? dotted ?? got;
  if (name && !/^authorization$/i.test(name)) return /^x-forwarded-for$/i.test(name) ? undefined : `header ${name}`;
  return /^\s*\(?\w*(:\s*\w+)?\)?\s*=>\s*\w+\.ip\b/.test(written) ? 'socket' : undefined;
}

/** Returns how clients behind a proxy are identified. Without a setting for proxies, it is by their address. */
function proxied(code: Code, callee: RegExp, name: string): string | undefined {
  for (const { module, call } of code.callsOf(callee)) {
    if (call.args[0]?.is !== 'constant' || call.args[0].constant !== name) continue;
    const { value } = code.evaluate(call.args[1], module);
    if (value === false) return 'socket';
    return typeof value === 'number' ? `forwarded ${value}` : undefined;
  }
  return 'socket';
}

function* fastifyLimiters(code: Code, routes: readonly Route[]): Generator<FoundLimiter> {
  const made = [...code.callsOf(/^[Ff]astify$/)].find(({ module, call }) =>
    optionOf(code, call.args[0], 'trustProxy', module),
  );
  const client = made ? undefined : 'socket';
  for (const { module, call } of code.callsOf(/\.register$/)) {
    const [plugin, options] = call.args;
    const imported =
      module.imports.find(({ name }) => plugin?.is === 'name' && name === plugin.name)?.from ?? requiredBy(plugin);
    if (imported !== '@fastify/rate-limit' && imported !== 'fastify-rate-limit') continue;
    const usual = readFastify(code, options, module, { value: 1_000 }, { value: 60 });
    const from = code.at(module, call);
    const own = routes.flatMap((route) => {
      const config = route.handlers
        .filter(({ is }) => is === 'record')
        .map((handler) => optionOf(code, optionOf(code, handler, 'config', route.module), 'rateLimit', route.module))
        .find((found) => found && found.is !== 'other');
      const isOff = config?.is === 'constant' && config.constant === false;
      return config
        ? [
            {
              route,
              isOff,
              numbers: isOff ? undefined : readFastify(code, config, route.module, usual?.max, usual?.seconds),
              from: code.at(route.module, config),
            },
          ]
        : [];
    });
    for (const { route, numbers, from: place } of own)
      if (numbers)
        yield {
          ...numbers,
          from: place,
          window: 'first-request',
          client: keyOf(code, options, module, client),
          routes: [route],
        };
    const isGlobal = code.evaluate(optionOf(code, options, 'global', module), module).value !== false;
    const others = routes.filter((route) => !own.some((limited) => limited.route === route));
    if (isGlobal && usual)
      yield { ...usual, from, window: 'first-request', client: keyOf(code, options, module, client), routes: others };
  }
}

const keyOf = (
  code: Code,
  options: Value | undefined,
  module: Module,
  usual: string | undefined,
): string | undefined => {
  const key = optionOf(code, options, 'keyGenerator', module);
  return key ? headerIn(key, module) : usual;
};

const requiredBy = (value: Value | undefined): string | undefined =>
  value?.is === 'call' && value.args[0]?.is === 'constant' ? String(value.args[0].constant) : undefined;

function readFastify(
  code: Code,
  options: Value | undefined,
  module: Module,
  usualMax: Amount | undefined,
  usualSeconds: Amount | undefined,
) {
  const written = optionOf(code, options, 'max', module);
  const window = optionOf(code, options, 'timeWindow', module);
  const max = written ? numberOf(code, written, module) : usualMax;
  const seconds = window ? secondsOf(code, window, module, 0.001) : usualSeconds;
  return max && seconds ? { max, seconds } : undefined;
}

const RATE = /^\s*(\d+)\s*(?:\/|\s*per\s*)\s*(\d+)?\s*(second|minute|hour|day)s?\s*$/i;
const SECONDS: Readonly<Record<string, number>> = { second: 1, minute: 60, hour: 3600, day: 86_400 };

/** slowapi and Flask-Limiter, which both use `limits`. */
function* pythonLimiters(code: Code, routes: readonly Route[]): Generator<FoundLimiter> {
  for (const { module, call } of code.callsOf(/^Limiter$/)) {
    const { value: strategy = 'fixed-window' } = code.evaluate(call.named.strategy, module);
    const window =
      strategy === 'moving-window' ? 'sliding' : strategy === 'sliding-window-counter' ? 'weighted' : 'first-request';
    const key = call.named.key_func ?? call.args[0];
    const client = key?.is === 'name' && /get_remote_address$/.test(key.name) ? 'socket' : undefined;
    const name = module.definitions.find(({ value }) => isWithin(call, value))?.name ?? 'limiter';
    const common = { window, client } as const;
    const own: Route[] = [];
    for (const route of routes) {
      const limit = route.decorated?.decorators.find(
        ({ callee }) => callee === `${name}.limit` || callee === `${name}.shared_limit`,
      );
      const rate = limit && rateOf(code, limit.args[0], route.module);
      if (!limit) continue;
      own.push(route);
      if (rate) yield { ...common, ...rate, from: code.at(route.module, limit), routes: [route] };
    }
    const defaults = call.named.default_limits ?? call.named.application_limits;
    const [first] = defaults?.is === 'list' ? defaults.items : [];
    const rate = rateOf(code, first, module);
    const isFlask = module.imports.some(({ from }) => from.startsWith('flask_limiter'));
    const isApplied =
      isFlask ||
      code.modules.some(({ text }) => text.includes('SlowAPIMiddleware') || text.includes('SlowAPIASGIMiddleware'));
    if (rate && isApplied)
      yield { ...common, ...rate, from: code.at(module, call), routes: routes.filter((route) => !own.includes(route)) };
  }
}

function rateOf(
  code: Code,
  value: Value | undefined,
  module: Module,
): Pick<FoundLimiter, 'max' | 'seconds'> | undefined {
  const known = code.evaluate(value, module);
  const [, max, times = '1', unit = ''] = RATE.exec(String(known.value ?? '')) ?? [];
  if (max === undefined) return undefined;
  const setting = known.setting && ({ name: known.setting.name, unit: 'text' } as const);
  return {
    max: { value: Number(max), setting },
    seconds: { value: Number(times) * (SECONDS[unit.toLowerCase()] ?? 1), setting },
  };
}

/** Returns how a module in Go identifies clients, if that is by their address alone. */
const byAddress = ({ text }: Module): string | undefined =>
  /\.RemoteAddr\b/.test(text) && !/Header\.(Get|Values)\(/.test(text) ? 'socket' : undefined;

function* goLimiters(code: Code, routes: readonly Route[]): Generator<FoundLimiter> {
  for (const { module, call } of code.callsOf(/^httprate\.(Limit|LimitByIP|LimitByRealIP|LimitAll)$/)) {
    const max = numberOf(code, call.args[0], module);
    const seconds = secondsOf(code, call.args[1], module, 1);
    if (!max || !seconds) continue;
    const client = /All$/.test(call.callee) ? 'all' : /LimitByIP$/.test(call.callee) ? 'socket' : undefined;
    const group = module.calls.findLast(
      (outer) => isWithin(call, outer) && outer !== call && /\.(Group|Route)$/.test(outer.callee),
    );
    const direct = routes.filter((route) => route.module === module && isWithin(call, route.range));
    const below = routes.filter((route) => !group || (route.module === module && isWithin(route.range, group)));
    const limited = direct.length > 0 ? direct : below;
    yield { from: code.at(module, call), max, seconds, window: 'weighted', client, routes: limited };
  }
  for (const { module, call } of code.callsOf(/^rate\.NewLimiter$/)) {
    const max = numberOf(code, call.args[1], module);
    const each = call.args[0];
    const isEvery = each?.is === 'call' && each.callee === 'rate.Every';
    const pace = isEvery ? secondsOf(code, each.args[0], module, 1) : numberOf(code, each, module);
    if (!max || !pace || pace.value <= 0) continue;
    const seconds = { value: Number((isEvery ? max.value * pace.value : max.value / pace.value).toPrecision(6)) };
    // A limiter in a function is made for each client, for example.
    const isShared = !module.functions.some((declared) => isWithin(call, declared) && declared.name !== 'main');
    yield {
      from: code.at(module, call),
      max: { value: max.value },
      seconds,
      window: 'token-bucket',
      client: isShared ? 'all' : byAddress(module),
      routes,
    };
  }
}
