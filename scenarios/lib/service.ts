import http, { type RefinedResponse, type ResponseType } from 'k6/http';
import { context, find } from './context.ts';
import { authorization, type Worthless } from './token.ts';
import { type Spelling, written } from './written.ts';

const RECOVERIES = Object.values(context.breakers).map(({ recoverySeconds }) => recoverySeconds);
/** Timeout of a request in seconds: well above all promises of the contract and all waits of the scripts. */
const TIMEOUT_SECONDS = 30 + (context.pool?.queryTimeoutSeconds ?? 0) + Math.max(0, ...RECOVERIES);

let made = 0;

/** Returns a name that is unique in this run. */
const unique = (): string => {
  made += 1;
  return `${__VU}-${made}-${Date.now().toString(36)}`;
};

/** Tags tell the checkers the purpose of a request. */
export type Tags = Record<string, string>;

/** The differences from a plain call. */
interface Extra extends Spelling {
  headers?: Record<string, string>;
  /** Replaces the method of the endpoint. */
  method?: string;
  /** The kind of invalid credentials. */
  proof?: Worthless;
  /** The index of the process of the service. Default: 0. */
  process?: number;
  /** Seconds after which the caller aborts. */
  seconds?: number;
}

/** Calls an endpoint of the service under test. `${unique}` in its parts and tags stands for a unique name per call. */
export function call(name: string, tags: Tags, extra: Extra = {}): Promise<RefinedResponse<ResponseType | undefined>> {
  const { method, path, body, user } = find(context.endpoints, name);
  const { headers = {}, proof, process = 0, seconds = TIMEOUT_SECONDS } = extra;
  const origin = context.services[process];
  const own = unique();
  const fill = (text: string) => text.replace(/\$\{unique\}/g, own);
  const content = body === undefined ? null : fill(JSON.stringify(body));
  return http.asyncRequest(extra.method ?? method, origin + fill(written(fill(path), extra)), content, {
    headers: {
      'Content-Type': 'application/json',
      ...authorization(user && fill(user), proof),
      ...headers,
    },
    tags: { name, endpoint: name, ...Object.fromEntries(Object.entries(tags).map(([tag, text]) => [tag, fill(text)])) },
    timeout: `${seconds * 1_000}ms`,
  });
}

/** Returns the value of a metric in the text of the metrics endpoint; NaN if it is missing. */
function metricIn(body: unknown, metric: string): number {
  const line = String(body)
    .split('\n')
    .find((one) => one.startsWith(metric));
  return line === undefined ? Number.NaN : Number(line.slice(metric.length));
}

/** Returns the value of a metric of a process (0, the first, by default); NaN if it is missing. */
export async function readGauge(
  { endpoint, metric }: { endpoint: string; metric: string },
  tags: Tags,
  process = 0,
): Promise<number> {
  return metricIn((await call(endpoint, tags, { process })).body, metric);
}

/** Returns whether a status counts as served in the contract. */
export const isServed = (name: string, status: number): boolean =>
  find(context.endpoints, name).served.includes(status);

/** Returns the Retry-After of a refusal in seconds; NaN if there is none. */
export function retryAfter(response: RefinedResponse<ResponseType | undefined>): number {
  const said = response.headers['Retry-After'];
  return /^\d+(\.\d+)?$/.test(said ?? '') ? Number(said) : Number.NaN;
}
