import { statSync } from 'node:fs';
import { Refusal } from '../../../faults/base/refusal.ts';
import { oneOfEachKind } from '../../../mocks/declared-upstream.ts';
import { defineUpstream } from '../../../mocks/define-upstreams.ts';
import type { Contract } from '../contract.ts';
import { isHttp } from '../is-http.ts';
import { fallbackOf } from '../schema/fallback.ts';
import { DATABASE, usesPostgres } from '../uses-postgres.ts';
import { missing, type Rule, rule } from './rule.ts';

/** Finds declared upstreams with invalid settings or missing files, and promises about them that can't be judged. */
export const upstreamRules: readonly Rule[] = [
  rule({ at: 'upstreams.*', message: ({ value: declared }) => refusalOf(() => defineUpstream(declared)) }),
  rule({
    at: ['upstreams.*.handlers', 'upstreams.*.openapi'],
    when: ({ value: path }) => !statSync(path, { throwIfNoEntry: false })?.isFile(),
    message: ({ value: path }) => `there is no file ${path}`,
  }),
  rule({
    at: ['upstreams.*.concurrency', 'upstreams.*.callsPerConnection', 'upstreams.*.quota'],
    when: ({ name, contract }) => !Object.values(contract.endpoints).some(({ reaches }) => reaches.includes(name)),
    message: ({ name }) => `no endpoint reaches "${name}"; list it in \`reaches\``,
  }),
  rule({
    at: 'upstreams.*.queueSeconds',
    when: ({ entry: upstream }) => !('tcp' in upstream) && upstream.concurrency === undefined,
    message: 'needs a number of concurrent calls; set `concurrency`',
  }),
  rule({
    at: 'limiter.store',
    message: ({ value: store, contract }) => unreachable(store, contract) ?? whyNoStore(store, contract),
  }),
];

/** Whether the lab starts the service, with its own upstreams. A service that is already running has others. */
export const isStarted = ({ contract }: { readonly contract: Contract }): boolean =>
  contract.start.running === undefined;

/**
 * Returns what is wrong if an upstream can't be the limiter's store, because calls of endpoints are counted there, and
 * can't be told from the requests of the limiter.
 */
function whyNoStore(store: string, { upstreams, breakers, endpoints }: Contract): string | undefined {
  if (store === DATABASE) return undefined;
  const breaker = Object.keys(breakers).find((name) => breakers[name]?.upstream === store);
  if (breaker !== undefined) return `is the upstream of the breaker "${breaker}", whose calls are counted`;
  const reaching = Object.keys(endpoints).find((name) => reachedBy(endpoints[name], store));
  return isHttp({ upstreams }, store) && reaching !== undefined
    ? `is an HTTP upstream that "${reaching}" reaches, whose calls are counted; name the server in which limits are kept`
    : undefined;
}

const reachedBy = (endpoint: Contract['endpoints'][string] | undefined, upstream: string): boolean =>
  endpoint !== undefined && [...endpoint.reaches, ...(fallbackOf(endpoint.fallback)?.order ?? [])].includes(upstream);

/** Returns what is wrong if an upstream that is called is neither declared nor the database of the service. */
export function unreachable(name: string, contract: Contract): string | undefined {
  if (Object.hasOwn(contract.upstreams, name)) return undefined;
  return undeclared(name, usesPostgres(contract) ? { ...contract.upstreams, [DATABASE]: {} } : contract.upstreams);
}

/**
 * Returns what is wrong if an upstream is not declared. If the name is a known kind of upstream, the message suggests a
 * declaration.
 */
export function undeclared(name: string, upstreams: object): string | undefined {
  const message = missing(name, upstreams);
  if (message === undefined || !Object.hasOwn(oneOfEachKind, name)) return message;
  return `${message}; declare it: upstreams: { ${name}: { kind: ${name} } }`;
}

/** Returns why the fakes refuse something that a contract describes, or undefined if they don't. */
export function refusalOf(use: () => unknown): string | undefined {
  try {
    use();
    return undefined;
  } catch (error) {
    if (error instanceof Refusal) return error.message;
    throw error;
  }
}
