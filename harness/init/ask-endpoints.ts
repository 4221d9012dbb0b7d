import type { ContractFile } from '../contract/contract.ts';
import { endpoint, endpoints as endpointList, listOf, optional, orNone, statuses } from './answers.ts';
import { BODY_FORMS, body } from './body.ts';
import { endpointName, prefixOf } from './found/operations.ts';
import type { Ask, Interviewer } from './question.ts';

/** An endpoint of the service, without its callers. */
export type Endpoint = ContractFile['endpoints'][string] & { reaches: string[]; served: number[] };

const BODILESS = ['GET', 'DELETE'];

/** Calls an endpoint of the service that `proofload init` has started, to learn how it responds. */
export type Observe = (prefix: string, endpoint: Omit<Endpoint, 'reaches' | 'served'>) => Promise<void>;

interface Known {
  readonly upstreams: readonly string[];
  readonly readyPath: string;
  /** Called with each endpoint before the questions about its answers. */
  readonly observe: Observe;
}

/** Returns the name of the endpoint with this method and path, or undefined if there is none. */
export const nameOf = (
  endpoints: Readonly<Record<string, Pick<Endpoint, 'method' | 'path'>>>,
  { method, path }: Pick<Endpoint, 'method' | 'path'>,
): string | undefined =>
  Object.entries(endpoints).find(([, other]) => other.method === method && other.path === path)?.[0];

/** Asks about the tested endpoints and, for each upstream that none of them calls, about an endpoint that calls it. */
export async function askEndpoints(
  interviewer: Interviewer,
  { upstreams, readyPath, observe }: Known,
): Promise<Record<string, Endpoint>> {
  const { ask, group } = interviewer;
  await group('Endpoints, the most important first', { endpoints: 'to test' });
  const operations = await ask({
    name: 'endpoints',
    ask: 'Which endpoints should be tested, as "METHOD /path", the most important first, with commas between them?',
    answer: endpointList,
    guess: `GET ${readyPath}`,
  });
  const untested = interviewer.find('untested');
  if (untested !== undefined) interviewer.tell(`Not suggested, because their paths have parameters: ${untested}`);
  const endpoints: Record<string, Endpoint> = {};
  for (const [index, operation] of operations.entries()) {
    const name = endpointName(operation, index, Object.keys(endpoints));
    endpoints[name] = await describeEndpoint(interviewer, { prefix: prefixOf(name), operation, upstreams, observe });
  }
  const reached = Object.values(endpoints).flatMap(({ reaches }) => reaches);
  for (const upstream of upstreams.filter((name) => !reached.includes(name))) {
    Object.assign(endpoints, await askEndpointOf(interviewer, upstream, { how: 'calls it', endpoints, observe }));
  }
  return endpoints;
}

interface Calling {
  /** How the endpoint calls the upstream, for the question. */
  readonly how: string;
  /** The endpoints that are tested already. */
  readonly endpoints: Readonly<Record<string, Endpoint>>;
  readonly observe: Observe;
}

/** Asks which endpoint calls an upstream, and returns it by its name. Returns nothing if there is none. */
export async function askEndpointOf(
  interviewer: Interviewer,
  upstream: string,
  { how, endpoints, observe }: Calling,
): Promise<Record<string, Endpoint>> {
  const operation = await interviewer.ask({
    name: `${upstream}.endpoint`,
    ask: `${upstream}: which endpoint ${how}, as "METHOD /path", or none?`,
    ...optional(endpoint),
  });
  if (!operation) return {};
  const same = nameOf(endpoints, operation);
  const tested = same === undefined ? undefined : endpoints[same];
  if (same !== undefined && tested)
    return { [same]: { ...tested, reaches: [...new Set([...tested.reaches, upstream])] } };
  const described = await describeEndpoint(interviewer, { prefix: `${upstream}.`, operation, upstreams: [], observe });
  return { [`call-${upstream}`]: { ...described, reaches: [upstream] } };
}

interface Described {
  prefix: string;
  operation: Pick<Endpoint, 'method' | 'path'>;
  upstreams: readonly string[];
  observe: Observe;
}

async function describeEndpoint(
  { ask, group }: Interviewer,
  { prefix, operation: { method, path }, upstreams, observe }: Described,
): Promise<Endpoint> {
  const title = `${method} ${path}`;
  if (!BODILESS.includes(method)) await group(title, { [`${prefix}body`]: 'body' });
  const sent = BODILESS.includes(method) ? undefined : await askBody(ask, prefix, title);
  await observe(prefix, { method, path, ...sent });
  const served = await ask({
    name: `${prefix}served`,
    title: `${title}: status of success`,
    ask: `Which status of ${title} means success? (several: "200 404")`,
    usual: '200',
    answer: statuses,
  });
  const reaches = upstreams.length === 0 ? [] : await askReaches(ask, prefix, title, upstreams);
  return { method, path, ...sent, served, reaches };
}

const askBody = (ask: Ask, prefix: string, title: string) =>
  ask({
    name: `${prefix}body`,
    ask: `With which body is ${title} called: ${BODY_FORMS}, or none? ("\${unique}" in it is a new text in each request)`,
    answer: orNone(body),
    guess: 'none',
  });

const askReaches = (ask: Ask, prefix: string, title: string, upstreams: readonly string[]): Promise<string[]> =>
  ask({
    name: `${prefix}reaches`,
    title: `${title}: upstreams that it calls`,
    ask: `Which of the upstreams ${upstreams.join(', ')} does ${title} call, in order, or none?`,
    answer: orNone(listOf(upstreams)),
    guess: 'none',
  }).then((reaches) => reaches ?? []);
