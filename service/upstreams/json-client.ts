import { type Dispatcher, request } from 'undici';
import type { z } from 'zod';
import { type Upstream, UpstreamError } from './upstream-error.ts';

/** How one external API is reached. `timeoutMs` bounds the whole call, from connecting to the body's last byte. */
export interface JsonClientOptions {
  readonly upstream: Upstream;
  readonly baseUrl: string;
  readonly authorization: string;
  readonly timeoutMs: number;
  readonly dispatcher: Dispatcher;
}

/**
 * Posts JSON to `path`, once, and reads the answer by `schema`.
 * @throws UpstreamError whatever else than a complete, well-formed 2xx answer comes of it
 */
export type PostJson = <T>(path: string, body: unknown, schema: z.ZodType<T>) => Promise<T>;

/** Makes the client of one external API. It never retries: a breaker has to see every call. */
export function createJsonClient(options: JsonClientOptions): PostJson {
  return async (path, body, schema) => {
    const { status, text } = await exchange(options, path, body);
    if (status > 299) {
      throw new UpstreamError(options.upstream, `it answered ${status}`, { countsAsFailure: speaksOfHealth(status) });
    }
    const parsed = schema.safeParse(parseJson(options.upstream, text));
    if (parsed.success) return parsed.data;
    const fields = parsed.error.issues.map(({ path }) => path.join('.') || 'the body').join(', ');
    throw new UpstreamError(options.upstream, `its answer is malformed (${fields})`);
  };
}

async function exchange(options: JsonClientOptions, path: string, body: unknown) {
  const { upstream, baseUrl, authorization, timeoutMs, dispatcher } = options;
  try {
    const { statusCode, body: answer } = await request(`${baseUrl}${path}`, {
      method: 'POST',
      headers: { authorization, 'content-type': 'application/json', accept: 'application/json' },
      body: JSON.stringify(body),
      dispatcher,
      signal: AbortSignal.timeout(timeoutMs),
    });
    return { status: statusCode, text: await answer.text() };
  } catch (error) {
    throw new UpstreamError(upstream, describeFailure(error, timeoutMs), { cause: error });
  }
}

function describeFailure(error: unknown, timeoutMs: number): string {
  const { name, code } = error as Error & { code?: unknown };
  return name === 'TimeoutError' ? `no answer within ${timeoutMs} ms` : `the connection failed (${code ?? name})`;
}

/** 408 and 429 say that the API is slow or overloaded, the other 4xx that the request was wrong. */
function speaksOfHealth(status: number): boolean {
  return status < 400 || status > 499 || status === 408 || status === 429;
}

function parseJson(upstream: Upstream, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new UpstreamError(upstream, 'its answer is not JSON', { cause: error });
  }
}
