import type { ContractFile } from '../contract/contract.ts';
import { endpoint, listOf, orNone, statuses } from './answers.ts';
import { BODY_FORMS, body } from './body.ts';
import type { Ask } from './question.ts';

/** An endpoint of the service, without its callers. */
export type Endpoint = ContractFile['endpoints'][string] & { reaches: string[]; served: number[] };

/** The endpoint that most scenarios test. */
export const MAIN = 'main';

const BODILESS = ['GET', 'DELETE'];

/** Asks about the tested endpoint and, for each upstream that it does not call, about an endpoint that calls it. */
export async function askEndpoints(ask: Ask, upstreams: readonly string[]): Promise<Record<string, Endpoint>> {
  const operation = await ask({
    name: 'endpoint',
    ask: 'Which endpoint should be tested, as "METHOD /path"?',
    usual: 'POST /chat',
    answer: endpoint,
  });
  const main = await describeEndpoint(ask, '', operation, [...upstreams]);
  if (upstreams.length > 1) main.reaches = await askReaches(ask, upstreams);
  const endpoints: Record<string, Endpoint> = { [MAIN]: main };
  for (const upstream of upstreams.filter((name) => !main.reaches.includes(name))) {
    Object.assign(endpoints, await askEndpointOf(ask, upstream, 'calls it'));
  }
  return endpoints;
}

/**
 * Asks which endpoint calls an upstream, and returns it by its name. Returns nothing if there is none.
 *
 * @param how How the endpoint calls the upstream, for the question.
 */
export async function askEndpointOf(ask: Ask, upstream: string, how: string): Promise<Record<string, Endpoint>> {
  const operation = await ask({
    name: `${upstream}.endpoint`,
    ask: `${upstream}: which endpoint ${how}, as "METHOD /path", or none?`,
    usual: 'none',
    answer: orNone(endpoint),
  });
  if (!operation) return {};
  return { [`call-${upstream}`]: await describeEndpoint(ask, `${upstream}.`, operation, [upstream]) };
}

async function describeEndpoint(
  ask: Ask,
  prefix: string,
  { method, path }: Pick<Endpoint, 'method' | 'path'>,
  reaches: string[],
): Promise<Endpoint> {
  const sent = BODILESS.includes(method) ? undefined : await askBody(ask, prefix);
  const served = await ask({
    name: `${prefix}served`,
    ask: 'Which status means success? (several: "200 404")',
    usual: '200',
    answer: statuses,
  });
  return { method, path, ...sent, served, reaches };
}

const askBody = (ask: Ask, prefix: string) =>
  ask({
    name: `${prefix}body`,
    ask: `With which body: ${BODY_FORMS}, or none? ("\${unique}" in it is a new text in each request)`,
    usual: 'none',
    answer: orNone(body),
  });

const askReaches = (ask: Ask, upstreams: readonly string[]): Promise<string[]> =>
  ask({
    name: 'reaches',
    ask: 'Which of the upstreams does it call, in order, or none?',
    usual: upstreams.join(' '),
    answer: orNone(listOf(upstreams)),
  }).then((reaches) => reaches ?? []);
