import http, { type RefinedResponse, type ResponseType } from 'k6/http';
import { context, find } from './context.ts';
import { authorization, type Worthless } from './token.ts';
import { type Spelling, written } from './written.ts';

const RECOVERIES = Object.values(context.breakers).map(({ recoverySeconds }) => recoverySeconds);
/** Seconds that an answer is waited for: well beyond whatever the contract promises, and whatever a script has it wait for. */
const TIMEOUT_SECONDS = 30 + (context.pool?.queryTimeoutSeconds ?? 0) + Math.max(0, ...RECOVERIES);

let made = 0;

/** A name never used before in this run. */
const unique = (): string => {
  made += 1;
  return `${__VU}-${made}-${Date.now().toString(36)}`;
};

/** Tags tell the checkers what a request was for. */
export type Tags = Record<string, string>;

/** By what a call differs from a plain one. */
interface Extra extends Spelling {
  headers?: Record<string, string>;
  /** In the place of the endpoint's own. */
  method?: string;
  /** What is wrong with the user's proof. */
  proof?: Worthless;
  /** The one of the service's processes that is called; 0, the first, by default. */
  process?: number;
  /** Seconds after which the caller goes away. */
  seconds?: number;
}

/**
 * Calls an endpoint of the service under test; `${unique}` stands for one name, of each call's own, in all of its parts and tags.
 */
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

/** The value of a metric, as a line of the metrics endpoint's answer names it; NaN where there is none. */
function metricIn(body: unknown, metric: string): number {
  const line = String(body)
    .split('\n')
    .find((one) => one.startsWith(metric));
  return line === undefined ? Number.NaN : Number(line.slice(metric.length));
}

/** What a process tells of itself by a metric; NaN where it does not. `process` is the one that is asked (0, the first). */
export async function readGauge(
  { endpoint, metric }: { endpoint: string; metric: string },
  tags: Tags,
  process = 0,
): Promise<number> {
  return metricIn((await call(endpoint, tags, { process })).body, metric);
}

/** Whether an answer is one of those that the contract calls served. */
export const isServed = (name: string, status: number): boolean =>
  find(context.endpoints, name).served.includes(status);

/** Seconds that a refusal asks to wait, NaN where it does not say. */
export function retryAfter(response: RefinedResponse<ResponseType | undefined>): number {
  const said = response.headers['Retry-After'];
  return /^\d+(\.\d+)?$/.test(said ?? '') ? Number(said) : Number.NaN;
}
