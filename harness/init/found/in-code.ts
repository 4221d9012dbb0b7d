import type { Provider } from '../../../faults/fakes/provider.ts';
import { providers } from '../../../mocks/providers.ts';
import type { Amount } from './code/amount.ts';
import { breakersOf, type FoundBreaker, refusalOf } from './code/breakers.ts';
import { attemptsOf, clientsOf, poolOf } from './code/clients.ts';
import type { Code } from './code/code.ts';
import type { FoundLimiter } from './code/found-limiter.ts';
import { limitersOf } from './code/limiters.ts';
import { answerOf, bodyOf, servedBy } from './code/requests.ts';
import { routesOf } from './code/routes.ts';
import { answersInOperations, endpointAt, listedEndpoints, prefixOf } from './operations.ts';
import { type FoundAnswer, type FoundAnswers, firstOf, type Source, sourceOf } from './source.ts';

/** Returns a source for the answers in a service's code: its routes, breakers, limits, clients and callers. */
export function answersInCode(code: Code): Source {
  const routes = routesOf(code);
  const operations = routes.map((route) => ({
    method: route.method,
    path: route.path,
    from: code.at(route.module, route.range),
    body: bodyOf(code, route),
    served: servedBy(code, route),
  }));
  const limiters = limitersOf(code, routes);
  return firstOf([
    answersInOperations(operations),
    aboutBreakers(code),
    aboutLimits(limiters),
    aboutClients(code),
    sourceOf({
      ...aboutCallers(code),
      ...aboutPool(code),
      answerOfUpstreams: { answer: JSON.stringify(answerOf(code)), from: 'the code' },
    }),
  ]);
}

/** Returns the seconds or number of an amount, and the setting that holds it, as answers. */
function amountAnswers(name: string, amount: Amount | undefined, from: string): FoundAnswers {
  if (!amount) return {};
  const { setting } = amount;
  const unit = setting && setting.unit !== 'number' ? ` ${setting.unit}` : '';
  return {
    [name]: { answer: String(amount.value), from },
    ...(setting && { [`${name}Setting`]: { answer: `${setting.name}${unit}`, from } }),
  };
}

function aboutBreakers(code: Code): Source {
  const found = breakersOf(code);
  const refusal = refusalOf(code);
  return (question, earlier) => {
    const [, upstream, field] =
      /^(.+)\.(opens|window|minimum|boundary|recovery|recoverySetting|timeout|timeoutSetting|refusal|trials|toClose)$/.exec(
        question,
      ) ?? [];
    const breaker = upstream === undefined ? undefined : breakerFor(found, upstream, earlier);
    if (!breaker || field === undefined) return undefined;
    const { rate, threshold, recovery, timeout, trials, toClose } = breaker;
    // What is known only in part is asked about.
    if (!recovery || (!rate && !threshold)) return undefined;
    const from = `${breaker.from}, ${breaker.library}`;
    const fixed = (answer: string | undefined): FoundAnswer | undefined =>
      answer === undefined ? undefined : { answer, from };
    const answers: Record<string, FoundAnswer | undefined> = {
      opens: fixed(rate ? `${Number(rate.rate.toPrecision(6))}%` : String(threshold?.value)),
      window: fixed(rate?.window),
      minimum: fixed(rate && String(rate.minimum)),
      boundary: fixed(rate?.boundary),
      refusal: refusal && { answer: refusal.status, from: refusal.from },
      trials: fixed(trials),
      toClose: fixed(trials === '1' ? undefined : toClose),
      ...amountAnswers('recovery', recovery, from),
      ...amountAnswers('timeout', timeout, from),
    };
    return answers[field];
  };
}

/** Returns the breaker in front of an upstream: the only one, or the only one whose name or file names it. */
function breakerFor(
  found: readonly FoundBreaker[],
  upstream: string,
  { upstreams = '', ...earlier }: Readonly<Record<string, string>>,
): FoundBreaker | undefined {
  if (found.length === 1 && upstreams.trim().split(/\s+/).length === 1) return found[0];
  const words = [upstream.replace(/-/g, ''), upstream.split('-')[0] ?? upstream];
  const setting = earlier[`${upstream}.setting`]?.split('=')[0];
  const near = [
    found.filter(({ name }) => words.some((word) => name.toLowerCase().includes(word.toLowerCase()))),
    found.filter(({ module }) => words.some((word) => module.file.toLowerCase().includes(word.toLowerCase()))),
    found.filter(({ module }) => setting !== undefined && module.text.includes(setting)),
  ];
  return near.find((some) => some.length === 1)?.[0];
}

/** Returns a source for the numbers, the clients and the windows of limits, by the endpoint of a question. */
export function aboutLimits(found: readonly FoundLimiter[]): Source {
  const limiterFor = (prefix: string, earlier: Readonly<Record<string, string>>): FoundLimiter | undefined => {
    const endpoint = endpointAt(prefix, earlier);
    return found.find(({ routes }) => routes.some(({ method, path }) => `${method} ${path}` === endpoint));
  };
  return (question, earlier) => {
    if (question === 'client' || question === 'window') {
      const first = listedEndpoints(earlier.endpoints ?? '')
        .map(({ name }) => limiterFor(prefixOf(name), earlier))
        .find((limiter) => limiter && limiter.unsaid === undefined);
      const answer = question === 'client' ? first?.client : first?.window;
      return first && answer ? { answer, from: first.from } : undefined;
    }
    const [, prefix = '', field] =
      /^(.*\.)?(limit|limitUnsaid|limitShares|maxSetting|windowSetting)$/.exec(question) ?? [];
    const limiter = field === undefined ? undefined : limiterFor(prefix, earlier);
    if (!limiter || field === undefined) return undefined;
    const { from, max, seconds, unsaid } = limiter;
    if (field === 'limitUnsaid') return unsaid === undefined ? undefined : { answer: unsaid, from };
    if (unsaid !== undefined) return undefined;
    if (field === 'limit') return { answer: `${max.value} per ${seconds.value} seconds`, from };
    if (field === 'maxSetting') return amountAnswers('max', max, from).maxSetting;
    // A text such as `20/minute` has both numbers.
    if (field === 'windowSetting')
      return max.setting?.unit === 'text' ? undefined : amountAnswers('window', seconds, from).windowSetting;
    // Requests of earlier endpoints with the same limiter count together.
    const listed = listedEndpoints(earlier.endpoints ?? '');
    const index = listed.findIndex(({ name }) => prefixOf(name) === prefix);
    const shared = listed.slice(0, index).filter(({ name }) => limiterFor(prefixOf(name), earlier) === limiter);
    return shared.length === 0 ? undefined : { answer: shared.map(({ name }) => name).join(' '), from };
  };
}

/** The clients of SDKs, which repeat failed calls. */
const aboutClients =
  (code: Code): Source =>
  (question, { upstreams = '' }) => {
    const [, upstream] = /^(.+)\.attempts$/.exec(question) ?? [];
    if (upstream === undefined) return undefined;
    const [, kind = upstream] = new RegExp(`(?:^|\\s)${upstream}=(\\S+)`).exec(upstreams) ?? [];
    const sdk = Object.hasOwn(providers, kind)
      ? (providers[kind as keyof typeof providers] as Provider).usage.sdk
      : undefined;
    // A library may repeat the calls to any of several upstreams.
    const repeated = upstreams.trim().split(/\s+/).length === 1 ? attemptsOf(code) : undefined;
    if (!sdk && repeated) return { answer: String(repeated.attempts), from: repeated.from };
    const clients = sdk ? clientsOf(code, sdk.classes) : [];
    const [first] = clients;
    const counts = new Set(clients.map(({ retries }) => retries?.value));
    if (!first?.retries || counts.size !== 1) return undefined;
    const { from, isUsual, retries } = first;
    return { answer: String(1 + retries.value), from: isUsual ? `${from}, repeats a failed call twice` : from };
  };

function aboutPool(code: Code): FoundAnswers {
  const { from = '', max, wait } = poolOf(code) ?? {};
  return {
    ...(max && { poolMax: { answer: String(max.value), from } }),
    ...(wait && wait.value > 0 && { poolWaitSeconds: { answer: String(wait.value), from } }),
  };
}

/** Code that checks a caller's token. The code that sends a token to an upstream has the same word. */
const BEARER = new RegExp(
  [
    '(?:starts_?with\\??|hasPrefix|trimPrefix|cutPrefix|removeprefix|delete_prefix|replace|sub|split|partition|' +
      'compare_digest|timingSafeEqual)\\s*\\((?:[^()\\n]|\\([^()\\n]*\\)){0,60}?[\'"`/]\\^?bearer\\b',
    '[!=]=\\s*f?[\'"`]bearer\\b',
    '/\\^bearer\\b',
    '\\bHTTPBearer\\(',
  ].join('|'),
  'i',
);

/** Returns how callers authenticate, if the code says so. */
function aboutCallers(code: Code): FoundAnswers {
  const variables = code.variables();
  const setting = (pattern: RegExp) =>
    variables.find(
      ({ name }) =>
        pattern.test(name) && !Object.values<Provider>(providers).some(({ usage }) => usage.keySetting === name),
    );
  for (const module of code.modules) {
    const jwt = module.calls.find(({ callee }) =>
      /(^|\.)(jwt\.verify|jwtVerify|jwt\.decode|jwt\.Parse|jwt\.ParseWithClaims|expressjwt)$/.test(callee),
    );
    const secret = setting(/(^|_)SECRET(_KEY)?$/);
    if (jwt && secret) {
      const from = code.at(module, jwt);
      return {
        authentication: { answer: 'bearer-jwt-hs256', from },
        keySetting: { answer: secret.name, from: secret.from },
      };
    }
    const [header] = [...module.text.matchAll(/['"`](x-api-key|api-key)['"`]/gi)];
    const keys = setting(/^(\w+_)?(API_)?KEYS?$/);
    if (header?.[1] && keys) {
      const from = code.at(module, { from: header.index, to: header.index });
      return {
        authentication: { answer: 'api-key', from, isGuess: true },
        keyPlace: { answer: header[1], from, isGuess: true },
        keySetting: { answer: keys.name, from: keys.from },
      };
    }
    const bearer = BEARER.exec(module.text);
    const tokens = setting(/^(\w+_)?(API_)?(TOKENS?|API_KEYS?)$/);
    if (bearer && tokens) {
      const from = code.at(module, { from: bearer.index, to: bearer.index });
      return {
        authentication: { answer: 'bearer', from, isGuess: true },
        keySetting: { answer: tokens.name, from: tokens.from },
      };
    }
  }
  return {};
}
