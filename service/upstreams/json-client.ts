import { type Dispatcher, request } from 'undici';
import type { z } from 'zod';
import { startTimeLimit } from '../base/time-limit.ts';
import type { Upstream } from '../base/upstream.ts';
import type { Bulkhead } from './bulkhead.ts';
import { isOutOfResources, outOfResources } from './out-of-resources.ts';
import type { RequestBudget } from './request-budget.ts';
import { UpstreamError } from './upstream-error.ts';

/**
 * Options for calling an external API.
 *
 * - `timeoutMs` limits the whole call, from connecting to the last byte of the body.
 * - `bulkhead` limits concurrent calls.
 * - `countTooManyRequests` determines whether a 429 counts as a failure.
 */
export interface JsonClientOptions {
  readonly upstream: Upstream;
  readonly baseUrl: string;
  readonly authorization: string;
  readonly timeoutMs: number;
  readonly bulkhead: Bulkhead;
  readonly countTooManyRequests: boolean;
  readonly dispatcher: Dispatcher;
}

/**
 * Sends a single POST request with JSON to `path` within the remaining `budget`, and parses the response with `schema`.
 * @throws UpstreamError if the response is not a complete and valid 2xx response
 * @throws ServiceError `llm_busy`, `memory_busy`, `out_of_resources` or `budget_exhausted` if nothing was sent
 */
export type PostJson = <T>(path: string, body: unknown, schema: z.ZodType<T>, budget: RequestBudget) => Promise<T>;

/** Creates the client for an external API. It never retries, because the breaker must see every call. */
export function createJsonClient(options: JsonClientOptions): PostJson {
  return async (path, body, schema, budget) => {
    const { status, text } = await options.bulkhead(() =>
      exchange(options, path, body, budget.deadlineMs(options.timeoutMs)),
    );
    if (status > 299) {
      const countsAsFailure = indicatesHealth(status, options.countTooManyRequests);
      throw new UpstreamError(options.upstream, `it answered ${status}`, { countsAsFailure });
    }
    const parsed = schema.safeParse(parseJson(options.upstream, text));
    if (parsed.success) return parsed.data;
    const fields = parsed.error.issues.map(({ path }) => path.join('.') || 'the body').join(', ');
    throw new UpstreamError(options.upstream, `its answer is malformed (${fields})`);
  };
}

async function exchange(options: JsonClientOptions, path: string, body: unknown, timeoutMs: number) {
  const { upstream, baseUrl, authorization, dispatcher } = options;
  const ended = new AbortController();
  const cancel = startTimeLimit(timeoutMs, () => ended.abort(new DOMException('no answer in time', 'TimeoutError')));
  try {
    const { statusCode, body: answer } = await request(`${baseUrl}${path}`, {
      method: 'POST',
      headers: { authorization, 'content-type': 'application/json', accept: 'application/json' },
      body: JSON.stringify(body),
      dispatcher,
      signal: ended.signal,
    });
    return { status: statusCode, text: await answer.text() };
  } catch (error) {
    if (isOutOfResources(error)) throw outOfResources(upstream, error);
    throw new UpstreamError(upstream, describeFailure(error, timeoutMs), { cause: error });
  } finally {
    cancel();
  }
}

function describeFailure(error: unknown, timeoutMs: number): string {
  const { name, code } = error as Error & { code?: unknown };
  return name === 'TimeoutError' ? `no answer within ${timeoutMs} ms` : `the connection failed (${code ?? name})`;
}

/**
 * Whether a status says anything about the API's health. 408 means that the API is slow, and 429 that it is overloaded
 * or receives too many calls. Other 4xx statuses mean that the request is wrong.
 */
function indicatesHealth(status: number, countTooManyRequests: boolean): boolean {
  return status < 400 || status > 499 || status === 408 || (status === 429 && countTooManyRequests);
}

function parseJson(upstream: Upstream, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new UpstreamError(upstream, 'its answer is not JSON', { cause: error });
  }
}
