import { z } from 'zod';
import { type CallKind, recognizers } from '../faults/calls/index.ts';
import { conversation } from './llm/conversation.ts';
import { promisedCalls } from './promised-calls.ts';
import { promisedConcurrency } from './promised-concurrency.ts';
import { promisedQuota } from './promised-quota.ts';
import { providers } from './providers.ts';

/** A kind of built-in fake. */
export type Kind = keyof typeof providers;

/** The kinds of calls to a TCP server. */
export const CALLS = Object.keys(recognizers) as [CallKind, ...CallKind[]];
const KINDS = Object.keys(providers) as [Kind, ...Kind[]];

const common = {
  tls: z
    .boolean()
    .optional()
    .describe('whether it is served over HTTPS; false: plain HTTP, without certificate faults; default: true'),
  basePath: z
    .string()
    .regex(/^(\/[^/?#\s]+)+$/, 'must be a path such as /v1, without a slash at the end')
    .optional()
    .describe('the path that follows the host in ${upstream.NAME}, for example /v1; default: none'),
  host: z
    .string()
    .regex(/^[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:\d{1,5})?$/i, 'must be a host name without scheme')
    .optional()
    .describe(
      'the host name in ${upstream.NAME}, which must resolve to 127.0.0.1; the trusted certificate is valid for it; ' +
        'with `via: proxy`: the host that the service calls, and its port, unless it is 443 (80 without TLS). ' +
        "Default: 127.0.0.1; with `via: proxy`: that of the kind's real API, or of `origin`",
    ),
  via: z
    .literal('proxy')
    .optional()
    .describe(
      'the host is fixed in the code of the service, which calls it through ${proxy}, for example because HTTPS_PROXY ' +
        'is set; default: the service reads ${upstream.NAME} from its settings',
    ),
  calls: promisedCalls.optional(),
  ...promisedConcurrency,
  quota: promisedQuota.optional(),
};

const baseUrl = z
  .string()
  .refine(isBaseUrl, 'must be a URL such as http://127.0.0.1:9200, without credentials, query and fragment');

function isBaseUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, username, password, search, hash } = new URL(text);
  return /^https?:$/.test(protocol) && username + password + search + hash === '';
}

const kind = z.strictObject({
  kind: z.enum(KINDS).describe(`a built-in fake: ${KINDS.join(', ')} (mocks/README.md)`),
  models: z
    .array(z.string().min(1))
    .min(1)
    .optional()
    .describe('the models that the fake of an LLM API serves; default: those of the provider'),
  conversation: conversation
    .optional()
    .describe(
      'which tools the fake of an LLM API calls if a request offers them, and with which arguments. The results in ' +
        'the request decide which round comes next; default: a tool is called only if the request requires it',
    ),
  settings: z
    .record(z.string(), z.json())
    .optional()
    .describe("the fake's settings, such as quotas and rejected keys; default: those of the kind"),
  ...common,
});

const handlers = z.strictObject({
  handlers: z
    .string()
    .min(1)
    .describe(
      'a module with your own MSW handlers, relative to the contract. They run with your own msw, 2 or later, ' +
        'in a separate process. `{{proofload.text}}` in a response becomes a text whose way to the caller is ' +
        'followed (docs/answers.md)',
    ),
  origin: baseUrl
    .optional()
    .describe('the absolute base URL that the handlers expect; default: the base of their absolute URLs'),
  ...common,
});

const openapi = z.strictObject({
  openapi: z
    .string()
    .min(1)
    .describe(
      'an OpenAPI document (2.0, 3.0, 3.1; JSON or YAML), relative to the contract. Each operation returns a ' +
        'successful response with an example from the document, or else a sample generated from its schema. ' +
        'Strings that the schema leaves free, and sentences in examples, become texts whose way to the caller is ' +
        'followed (docs/answers.md). Requests are not validated',
    ),
  ...common,
});

const forward = z.strictObject({
  forward: baseUrl.describe(
    'the URL of a real HTTP server that requests are forwarded to, with faults applied. Bodies are streamed, ' +
      'and headers and statuses are unchanged. While the server is down, requests get a 502, and failed checks ' +
      'are INCONCLUSIVE',
  ),
  ...common,
});

const tcp = z.strictObject({
  tcp: z
    .string()
    .regex(/^([\w.-]+|\[[\da-f:]+\]):\d{1,5}$/i, 'must be a host and a port, such as 127.0.0.1:6379')
    .describe(
      'the address of any TCP server, such as Redis, which is put behind a TCP proxy. Bytes pass unchanged, and ' +
        '${upstream.NAME} has no scheme: redis://${upstream.cache}. While the server is down, connections are ' +
        'reset, and failed checks are INCONCLUSIVE',
    ),
  calls: z
    .enum(CALLS)
    .optional()
    .describe(
      "what counts as a call. Each call of an endpoint must be exactly one of them. Calls inside TLS can't be " +
        'counted: the run is INCONCLUSIVE. Required for a breaker. `redis`: a Redis command, also if commands are ' +
        'pipelined; not HELLO, AUTH, CLIENT, SELECT, PING, INFO, SCRIPT, and those around a transaction. ' +
        '`postgres`: a query, or one execution of a prepared statement; not the handshake, the preparation of a ' +
        'statement, SELECT 1, BEGIN, COMMIT, SET and SHOW. `exchanges`: the first bytes from the client after the ' +
        'connection was opened or the server responded; for protocols without a handshake in which the client ' +
        'speaks first and a connection carries one call at a time, such as memcached. `connections`: a ' +
        'connection; for services that open one for each call. Default: calls are not counted, and checks that ' +
        'count them ignore this upstream',
    ),
});

/** The sources of an upstream's responses, by the field that declares each of them. */
const sources = { kind, handlers, openapi, forward, tcp };
const SOURCES = Object.keys(sources);

/** How a contract declares an upstream: where its responses come from, and how it is reached. */
export const declaredUpstream = z.union([kind, handlers, openapi, forward, tcp], {
  error: ({ input, errors }) => problemOf(input, errors as z.core.$ZodIssue[][] | undefined),
});

/** Returns the problems with the given source, or a message saying that a source is required. */
function problemOf(input: unknown, errors: z.core.$ZodIssue[][] | undefined): string {
  const given = SOURCES.filter((source) => Object.hasOwn(Object(input), source));
  if (given.length !== 1) return `has ${given.join(' and ') || 'no source'}; allowed: one of ${SOURCES.join(', ')}`;
  const issues = errors?.[SOURCES.indexOf(given[0] as string)] ?? [];
  return issues.map(({ path, message }) => [...path, message].map(String).join(': ')).join('; ');
}

/** An upstream as declared in a contract. */
export type DeclaredUpstream = z.output<typeof declaredUpstream>;

/** Declared upstreams by name. */
export type DeclaredUpstreams = Readonly<Record<string, DeclaredUpstream>>;

/** One upstream of each kind, named after its kind. */
export const oneOfEachKind = Object.fromEntries(KINDS.map((name) => [name, { kind: name }])) as Record<
  Kind,
  DeclaredUpstream
>;
