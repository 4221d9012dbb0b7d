import { z } from 'zod';
import type { CallKind } from '../../faults/calls/index.ts';
import { type Provider, SDK_RETRIES } from '../../faults/fakes/provider.ts';
import { CALLS, type DeclaredUpstream } from '../../mocks/declared-upstream.ts';
import { providers } from '../../mocks/providers.ts';
import type { ContractFile } from '../contract/contract.ts';
import { host, setting as keySetting, oneOf, optional, orNone, whole } from './answers.ts';
import type { Ask, Interviewer } from './question.ts';
import { SOURCES, upstreamSources } from './upstream-source.ts';

/** The upstreams that a service calls, by name, and the service's settings for them. */
export interface Upstreams {
  declared: Record<string, NonNullable<ContractFile['upstreams']>[string]>;
  environment: Record<string, string>;
  /** Whether the service is a JVM, which needs the lab's certificate in its own format. */
  needsTrustStore?: boolean;
}

const RUNTIMES = ['node', 'python', 'go', 'java', 'ruby'] as const;

/** The variables from which each runtime reads an additional certificate authority. */
const CA_SETTINGS: Readonly<Record<(typeof RUNTIMES)[number] | 'other', readonly string[]>> = {
  node: ['NODE_EXTRA_CA_CERTS'],
  // The ssl module, and the library `requests`.
  python: ['SSL_CERT_FILE', 'REQUESTS_CA_BUNDLE'],
  go: ['SSL_CERT_FILE'],
  java: [],
  ruby: ['SSL_CERT_FILE'],
  other: ['NODE_EXTRA_CA_CERTS', 'SSL_CERT_FILE', 'REQUESTS_CA_BUNDLE'],
};

/** An environment variable with a base URL, as NAME=URL. The URL is optional. */
const urlSetting = z
  .string()
  .trim()
  .regex(/^[A-Za-z_]\w*(=[a-z][a-z+]*:\/\/[^/?#\s@]+(\/[^?#\s]*)?)?$/i, {
    message: 'an environment variable with its usual value, as NAME=URL, without credentials and query',
  })
  .transform((entered) => {
    const [name = '', url = ''] = entered.split(/=(.*)/s);
    const [, scheme = '', path = ''] = /^([a-z+]+:\/\/)[^/]+(.*)$/i.exec(url) ?? [];
    return { name, scheme, path };
  });

/** Asks which upstreams the service calls, and which settings it has for each of them. */
export async function askUpstreams({ ask, group, orLeaveOut }: Interviewer): Promise<Upstreams> {
  await group('Upstream APIs that it calls', { upstreams: 'upstreams' });
  const sources = await ask({
    name: 'upstreams',
    ask:
      'Which upstream APIs does it call, as NAME=SOURCE separated by spaces, such as llm=groq, or none?\n' +
      `  (a SOURCE is ${SOURCES})\n `,
    ...optional(upstreamSources),
  });
  const upstreams: Upstreams = { declared: {}, environment: {} };
  for (const [name, source] of Object.entries(sources ?? {})) {
    await group(`Settings for ${name}`, {
      [`${name}.setting`]: 'base URL',
      [`${name}.key`]: 'API key',
      [`${name}.attempts`]: 'attempts per call',
    });
    const described = await orLeaveOut(`the upstream ${name}`, () => askUpstream(ask, name, source));
    if (!described) continue;
    upstreams.declared[name] = described.declared;
    Object.assign(upstreams.environment, described.environment);
  }
  const isSecure = Object.values(upstreams.declared).some((upstream) => !('tcp' in upstream) && upstream.tls !== false);
  if (isSecure) {
    await group('The certificates that it trusts', { runtime: 'as programs in' });
    const runtime = await ask({
      name: 'runtime',
      ask: `What runs it: ${RUNTIMES.join(', ')}, or other?`,
      usual: 'other',
      answer: oneOf([...RUNTIMES, 'other']),
      isRare: true,
    });
    for (const name of CA_SETTINGS[runtime]) upstreams.environment[name] = '${ca}';
    if (runtime !== 'node' && runtime !== 'other') delete upstreams.environment.NODE_USE_ENV_PROXY;
    upstreams.needsTrustStore = runtime === 'java';
  }
  return upstreams;
}

async function askUpstream(ask: Ask, upstream: string, source: DeclaredUpstream) {
  const usual = usageOf(upstream, source);
  const setting = {
    name: `${upstream}.setting`,
    ask: `Which environment variable holds the base URL of ${upstream}, with the value that it usually has`,
    usual: usual.setting,
  };
  const address = `\${upstream.${upstream}}`;
  if ('tcp' in source) {
    const { name, scheme, path } = await ask({ ...setting, ask: `${setting.ask}?`, answer: urlSetting });
    const calls = await askCalls(ask, upstream, source.tcp);
    return { declared: { ...source, ...(calls && { calls }) }, environment: { [name]: scheme + address + path } };
  }
  const read = await ask({
    ...setting,
    ask: `${setting.ask}, or none if its host is fixed in the code?`,
    answer: orNone(urlSetting),
  });
  const fixed = read
    ? {}
    : { via: 'proxy' as const, ...('kind' in source ? {} : { host: await askHost(ask, upstream) }) };
  const key = await ask({
    name: `${upstream}.key`,
    ask: `Which environment variable holds the API key for ${upstream}, or none?`,
    usual: usual.keySetting,
    answer: orNone(keySetting),
  });
  const attempts = await askAttempts(ask, upstream, source);
  const basePath = read?.path.replace(/\/+$/, '');
  const declared = {
    ...source,
    ...fixed,
    ...(attempts && { calls: attempts }),
    ...(basePath && { basePath }),
    ...(read?.scheme === 'http://' && { tls: false }),
  };
  // Fakes accept any key. A real server needs the real one, which must not be written to a file.
  const environment = {
    ...(read ? { [read.name]: address } : PROXY),
    ...(key && { [key]: 'forward' in source ? `\${env.${key}}` : 'example-key' }),
  };
  return { declared, environment };
}

/** The settings with which clients use the lab's proxy. Those of a language do no harm in others. */
const PROXY = {
  HTTPS_PROXY: '${proxy}',
  HTTP_PROXY: '${proxy}',
  NO_PROXY: '127.0.0.1,localhost',
  NODE_USE_ENV_PROXY: '1',
};

const askHost = (ask: Ask, upstream: string): Promise<string> =>
  ask({ name: `${upstream}.host`, ask: `Which host does it call for ${upstream}?`, answer: host });

/** Asks what a call to a TCP server is. Its breaker can be judged only if calls can be counted. */
const askCalls = (ask: Ask, upstream: string, address: string): Promise<CallKind | undefined> =>
  ask({
    name: `${upstream}.calls`,
    ask: `What is a call to ${upstream}: ${CALLS.join(', ')}, or none if it has no breaker?`,
    usual: address.endsWith(':6379') ? 'redis' : address.endsWith(':5432') ? 'postgres' : 'none',
    answer: orNone(oneOf(CALLS)),
  });

/** Asks how often a failing call is attempted. How its client decides this is known for the clients of providers. */
async function askAttempts(ask: Ask, upstream: string, source: DeclaredUpstream) {
  const attempts = await ask({
    name: `${upstream}.attempts`,
    ask: `How often is a failing call to ${upstream} attempted at most?`,
    usual: '1',
    answer: whole,
    isRare: true,
  });
  if (attempts === 1) return undefined;
  const { on, never, hints } = SDK_RETRIES;
  const isSdk = 'kind' in source && (providers[source.kind] as Provider).usage.sdk !== undefined;
  return { attempts, ...(isSdk && { on: [...on], never: [...never], hints: [...hints] }) };
}

function usageOf(upstream: string, source: DeclaredUpstream): { setting: string; keySetting: string } {
  if ('kind' in source) {
    const { origin, usage }: Provider = providers[source.kind];
    return { setting: `${usage.setting}=${origin}${usage.basePath ?? ''}`, keySetting: usage.keySetting };
  }
  const setting = `${upstream.toUpperCase().replaceAll(/\W/g, '_').replace(/^\d/, '_$&')}_URL`;
  const value = 'tcp' in source ? `redis://${source.tcp}` : 'forward' in source ? source.forward : '';
  return { setting: setting + (value && `=${value}`), keySetting: 'none' };
}
