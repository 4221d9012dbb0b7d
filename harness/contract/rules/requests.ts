import { statSync } from 'node:fs';
import type { Contract } from '../contract.ts';
import { isAuthenticated } from '../requests.ts';
import { BODIES } from '../schema/endpoint.ts';
import { type Problem, type Rule, rule } from './rule.ts';

type Endpoint = Contract['endpoints'][string];

/** Maximum total size of a contract's files, in bytes. Scripts receive them in their environment. */
const MOST_BYTES = 48 * 1024;

/** Finds requests that can't be sent as the contract describes them. */
export const requestRules: readonly Rule[] = [
  rule({ at: 'endpoints.*', message: ({ value: endpoint }) => furtherBodies(endpoint) }),
  rule({
    at: 'endpoints.*.file',
    when: ({ value: { path, content } }) => (path === undefined) === (content === undefined),
    message: 'needs either content or path',
  }),
  rule({
    at: 'endpoints.*.file.path',
    when: ({ value, entry: { file } }) => file?.content === undefined && sizeOf(value) === undefined,
    message: ({ value }) => `${value} can't be read as a file`,
  }),
  rule({ at: 'endpoints', message: ({ value: endpoints }) => largestFile(endpoints) }),
  rule({
    at: 'endpoints.*.headers.*',
    message: ({ key, entry, contract }) => headerProblem(key, entry, contract),
  }),
];

function furtherBodies(endpoint: Endpoint): Problem[] {
  const [first, ...more] = BODIES.filter((kind) => endpoint[kind] !== undefined);
  return more.map((kind) => ({
    path: [kind],
    message: `the endpoint has a "${first}" already; allowed: one of ${BODIES.join(', ')}`,
  }));
}

/** Returns a problem with the largest file if all of them together are too large. */
function largestFile(endpoints: Contract['endpoints']): Problem | undefined {
  const sizes = Object.entries(endpoints).map(([name, { file }]) => ({ name, size: sizeOf(file?.path ?? '') ?? 0 }));
  const total = sizes.reduce((sum, { size }) => sum + size, 0);
  const largest = sizes.toSorted((a, b) => b.size - a.size)[0];
  if (total <= MOST_BYTES || !largest) return undefined;
  return {
    path: [largest.name, 'file', 'path'],
    message: `the files of the contract have ${total} bytes together; allowed: ${MOST_BYTES}`,
  };
}

function sizeOf(path: string): number | undefined {
  const found = statSync(path, { throwIfNoEntry: false });
  return found?.isFile() ? found.size : undefined;
}

/** Headers that describe the connection or the body length, and are therefore set by the HTTP client. */
const OF_THE_CONNECTION = ['content-length', 'transfer-encoding', 'connection'];

function headerProblem(name: string, endpoint: Endpoint, { authentication, client }: Contract): string | undefined {
  const taken = new Map(OF_THE_CONNECTION.map((header) => [header, 'the connection sets it']));
  const credentials = isAuthenticated(endpoint) ? headerOf(authentication) : undefined;
  if (credentials !== undefined) taken.set(credentials.toLowerCase(), 'authentication sets it');
  const own = typeof client === 'string' ? undefined : 'header' in client ? client.header : client.forwarded.header;
  if (own !== undefined) taken.set(own.toLowerCase(), 'it identifies the client (client: …)');
  const why = /^[\w!#$%&'*+.^`|~-]+$/.test(name) ? taken.get(name.toLowerCase()) : 'it is not a valid header name';
  return why === undefined ? undefined : `${why}; remove it here`;
}

/** Returns the header that contains a request's credentials. */
function headerOf(authentication: Contract['authentication']): string | undefined {
  return authentication?.kind === 'api-key' ? authentication.header : authentication && 'Authorization';
}
