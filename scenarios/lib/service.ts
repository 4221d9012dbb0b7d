import encoding from 'k6/encoding';
import http, { type RefinedResponse, type RequestBody, type ResponseType } from 'k6/http';
import { type Composed, fill, mergeHeaders } from '../../harness/callers/compose-request.ts';
import type { PhaseTag } from '../../harness/contract/phases.ts';
import type { Upload } from '../../harness/contract/requests.ts';
import type { ScriptTags, Tags } from '../../harness/contract/tags.ts';
import { compose } from './caller.ts';
import { context, find } from './context.ts';
import { isUntouched } from './lab.ts';
import { noteAnswer } from './note-answer.ts';
import { decidedBy, readMeaning } from './read-meaning.ts';
import { searchAnswer } from './search-answer.ts';
import { traced, traceHeaders } from './trace.ts';
import { type Spelling, written } from './written.ts';

const RECOVERIES = Object.values(context.breakers).map(({ recoverySeconds }) => recoverySeconds);
/** Request timeout in seconds, well above all promises in the contract and all waits in the scripts. */
export const TIMEOUT_SECONDS = 30 + (context.pool?.queryTimeoutSeconds ?? 0) + Math.max(0, ...RECOVERIES);

/**
 * The timeout of the first VU after a call that was not answered in time although nothing was broken, in seconds. A
 * service that hangs, or sends its response byte by byte, would otherwise take longer than a script may.
 */
const IN_VAIN_SECONDS = 5;
const REQUEST_TIMEOUT = 1_050;
let wasInVain = false;

let made = 0;

/** Returns a name that is unique in this run. Fakes know its form: see faults/receipts/unique-texts.ts. */
export const unique = (): string => {
  made += 1;
  return `${__VU}-${made}-${Date.now().toString(36)}`;
};

/**
 * Returns two such names of which the first is the beginning of the second, so that a row that is found by the beginning
 * of its key is noticed. Neither is longer than the others, because a service may limit the length of keys.
 */
export function uniquePair(): [shorter: string, longer: string] {
  const longer = unique();
  return [longer.slice(0, -1), longer];
}

/** Options that differ from a plain call. */
export interface Extra extends Spelling {
  headers?: Record<string, string>;
  /** A header to leave out. The case of its name does not matter. */
  withoutHeader?: string;
  /** Overrides the endpoint's method. */
  method?: string;
  /** Overrides the request's body, if it has one. */
  body?: string;
  /** The value of `${unique}`, if several calls must have the same. */
  unique?: string;
  /** The kind of invalid credentials. */
  proof?: string;
  /** The number of the client, if it is another one than this VU. Its requests have the address of this one. */
  client?: number;
  /** The index of the service process. Defaults to 0. */
  process?: number;
  /** Number of seconds after which the caller aborts. */
  seconds?: number;
}

/**
 * Calls one of the endpoints of the service under test. In its parts and tags, `${unique}` is replaced with a name that
 * is unique for each call.
 */
export function call(
  name: string,
  tags: ScriptTags,
  extra: Extra = {},
): Promise<RefinedResponse<ResponseType | undefined>> {
  const own = extra.unique ?? unique();
  const composed = compose(find(context.endpoints, name), own, extra.proof, extra.client);
  const sendIt = (request: Composed) => sendComposed(name, request, own, tags, extra);
  return composed instanceof Promise ? composed.then(sendIt) : sendIt(composed);
}

/**
 * Composes a call to an endpoint, for a caller that the lab plays.
 *
 * @param own The value of `${unique}`. Defaults to a new one.
 */
export async function composed(name: string, own = unique()): Promise<Composed> {
  const request = await compose(find(context.endpoints, name), own);
  return { ...request, headers: mergeHeaders(traceHeaders(), request.headers) };
}

/**
 * Cookies are sent only if the contract says so, because k6 would send the cookies of all of a VU's callers with each
 * request.
 */
const WITHOUT_COOKIES = context.authentication?.kind === 'login';

/** Returns the tags of a request, or of a sample of a metric. */
export const tagsOf = ({ phase, ...tags }: ScriptTags): Tags => ({
  ...tags,
  ...(phase && { phase: String(phase.id) as PhaseTag }),
});

function sendComposed(name: string, request: Composed, own: string, tags: ScriptTags, extra: Extra) {
  const patience = wasInVain && isUntouched() ? IN_VAIN_SECONDS : TIMEOUT_SECONDS;
  const { headers = {}, process = 0, seconds = patience } = extra;
  const place = (text: string) => fill(text, { unique: own });
  const endpoint = find(context.endpoints, name);
  const allTags: Tags = {
    endpoint: name,
    ...decidedBy(endpoint),
    ...Object.fromEntries(Object.entries(tagsOf(tags)).map(([tag, text]) => [tag, place(text)])),
  };
  return traced(async (traceHeader, trace) => {
    const response = await http.asyncRequest(
      extra.method ?? request.method,
      context.services[process] + place(written(request.path, extra)),
      request.upload ? formOf(request.upload) : (extra.body ?? request.body),
      {
        headers: withoutHeader(mergeHeaders(traceHeader, request.headers, headers), extra.withoutHeader),
        ...(WITHOUT_COOKIES && { jar: new http.CookieJar() }),
        // Redirects are not followed: the service could send the load to a host that is not allowed.
        redirects: 0,
        tags: { name, ...allTags },
        timeout: `${seconds * 1_000}ms`,
      },
    );
    wasInVain ||= seconds === TIMEOUT_SECONDS && response.error_code === REQUEST_TIMEOUT && isUntouched() && __VU === 1;
    const read = readMeaning(response, endpoint, allTags, trace);
    searchAnswer(read, request, allTags);
    return noteAnswer(read, { name, request, unique: own, trace, client: extra.client });
  });
}

const withoutHeader = (headers: Record<string, string>, name?: string): Record<string, string> =>
  name === undefined
    ? headers
    : Object.fromEntries(Object.entries(headers).filter(([own]) => own.toLowerCase() !== name.toLowerCase()));

/** Returns the form data for an upload. k6 encodes it. */
function formOf({ field, name, type, fields, content, base64 }: Upload): RequestBody {
  const data = base64 === undefined ? (content ?? '') : encoding.b64decode(base64);
  return { ...fields, [field]: http.file(data, name, type) };
}

/** Returns a metric's value from the text of the metrics endpoint, or NaN if it is missing. */
export function metricIn(body: unknown, metric: string): number {
  const line = String(body)
    .split('\n')
    .find((candidate) => candidate.startsWith(metric));
  return line === undefined ? Number.NaN : Number(line.slice(metric.length));
}

/** Returns the value of a process's metric, or NaN if it is missing. */
export async function readGauge(
  { endpoint, metric }: { endpoint: string; metric: string },
  tags: ScriptTags,
  process = 0,
): Promise<number> {
  return metricIn((await call(endpoint, tags, { process })).body, metric);
}

/** Whether a status counts as served according to the contract. */
export const isServed = (name: string, status: number): boolean =>
  find(context.endpoints, name).served.includes(status);

/** Returns a rejection's Retry-After in seconds, or NaN if there is none. */
export function retryAfter(response: RefinedResponse<ResponseType | undefined>): number {
  const said = response.headers['Retry-After'];
  return /^\d+(\.\d+)?$/.test(said ?? '') ? Number(said) : Number.NaN;
}
