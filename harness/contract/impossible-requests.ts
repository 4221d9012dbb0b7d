import { statSync } from 'node:fs';
import type { Contract } from './contract.ts';
import type { Problem } from './dangling-names.ts';
import { placeholdersIn, unknownPlaceholder } from './placeholders.ts';
import { requestTexts } from './request-texts.ts';
import { isAuthenticated } from './requests.ts';
import { BODIES } from './schema/endpoint.ts';
import { ENV_PREFIX } from './unset-variables.ts';
import { UPSTREAM_PREFIX } from './upstream-problems.ts';

type Endpoint = Contract['endpoints'][string];

/** Maximum total size of a contract's files, in bytes. Scripts receive them in their environment. */
const MOST_BYTES = 48 * 1024;

const PLACEHOLDERS = ['unique', 'client', 'user', 'password'];
/** An unset variable and an undeclared upstream are reported elsewhere. */
const PREFIXES = [UPSTREAM_PREFIX, ENV_PREFIX];
const ALLOWED = [...PLACEHOLDERS, ...PREFIXES.map((prefix) => `${prefix}NAME`)];

/** Headers that describe the connection or the body length, and are therefore set by the HTTP client. */
const OF_THE_CONNECTION = ['content-length', 'transfer-encoding', 'connection'];

/** Finds requests that can't be sent as the contract describes them. */
export function impossibleRequests(contract: Contract): Problem[] {
  const all = Object.entries(contract.endpoints);
  return [
    ...all.flatMap(([name, endpoint]) =>
      [...bodyProblems(endpoint), ...fileProblems(endpoint), ...headerProblems(endpoint, contract)].map(
        ({ path, message }) => ({ path: ['endpoints', name, ...path], message }),
      ),
    ),
    ...placeholderProblems(contract),
    ...sizeProblem(contract),
  ];
}

function bodyProblems(endpoint: Endpoint): Problem[] {
  const [first, ...more] = BODIES.filter((kind) => endpoint[kind] !== undefined);
  return more.map((kind) => ({
    path: [kind],
    message: `the endpoint has a "${first}" already; allowed: one of ${BODIES.join(', ')}`,
  }));
}

function fileProblems({ file }: Endpoint): Problem[] {
  if (!file) return [];
  const { path, content } = file;
  if ((path === undefined) === (content === undefined)) {
    return [{ path: ['file'], message: 'needs either content or path' }];
  }
  if (path === undefined || sizeOf(path) !== undefined) return [];
  return [{ path: ['file', 'path'], message: `${path} can't be read as a file` }];
}

function sizeProblem({ endpoints }: Contract): Problem[] {
  const sizes = Object.entries(endpoints).map(([name, { file }]) => ({ name, size: sizeOf(file?.path ?? '') ?? 0 }));
  const total = sizes.reduce((sum, { size }) => sum + size, 0);
  const largest = sizes.toSorted((a, b) => b.size - a.size)[0];
  if (total <= MOST_BYTES || !largest) return [];
  const message = `the files of the contract have ${total} bytes together; allowed: ${MOST_BYTES}`;
  return [{ path: ['endpoints', largest.name, 'file', 'path'], message }];
}

function sizeOf(path: string): number | undefined {
  const found = statSync(path, { throwIfNoEntry: false });
  return found?.isFile() ? found.size : undefined;
}

function headerProblems(endpoint: Endpoint, contract: Contract): Problem[] {
  const taken = new Map(OF_THE_CONNECTION.map((name) => [name, 'the connection sets it']));
  for (const name of isAuthenticated(endpoint) ? headersOfAuthentication(contract) : []) {
    taken.set(name.toLowerCase(), 'authentication sets it');
  }
  const { client } = contract;
  const own = typeof client === 'string' ? undefined : 'header' in client ? client.header : client.forwarded.header;
  if (own !== undefined) taken.set(own.toLowerCase(), 'it identifies the client (client: …)');
  return Object.keys(endpoint.headers).flatMap((name) => {
    const why = /^[\w!#$%&'*+.^`|~-]+$/.test(name) ? taken.get(name.toLowerCase()) : 'it is not a valid header name';
    return why === undefined ? [] : [{ path: ['headers', name], message: `${why}; remove it here` }];
  });
}

function headersOfAuthentication({ authentication }: Contract): string[] {
  if (!authentication) return [];
  if (authentication.kind !== 'api-key') return ['Authorization'];
  return authentication.header === undefined ? [] : [authentication.header];
}

const placeholderProblems = (contract: Contract): Problem[] =>
  requestTexts(contract).flatMap(({ text, path }) =>
    placeholdersIn(text)
      .filter((name) => !PLACEHOLDERS.includes(name) && !PREFIXES.some((prefix) => name.startsWith(prefix)))
      .map((name) => ({ path, message: unknownPlaceholder(name, ALLOWED) })),
  );
