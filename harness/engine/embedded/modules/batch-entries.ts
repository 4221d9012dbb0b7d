import { GoError } from '../errors.ts';

type RequestArguments = readonly [method: unknown, url: unknown, body?: unknown, params?: unknown];

/**
 * Reads what `http.batch()` is given: an array or an object of URLs, of arrays `[method, url, body, params]`, or of
 * objects with these names (golden record 54).
 *
 * @throws GoError for anything else.
 */
export function readBatch(requests: unknown): { key: string; args: RequestArguments }[] {
  if (requests === null || typeof requests !== 'object') {
    throw new GoError('invalid http.batch() argument type: expected an array or an object of requests');
  }
  return Object.entries(requests).map(([key, entry]) => ({ key, args: readEntry(entry) }));
}

function readEntry(entry: unknown): RequestArguments {
  if (typeof entry === 'string') return ['GET', entry];
  if (Array.isArray(entry)) {
    const [method, url, body, params] = entry as unknown[];
    return [method ?? 'GET', url, isBodyless(method) ? undefined : body, params];
  }
  if (entry === null || typeof entry !== 'object') throw new GoError('invalid http.batch() request');
  const { method = 'GET', url, body, params } = entry as Record<string, unknown>;
  // What `http.url` gives is a URL by itself.
  if ('url' in entry && 'name' in entry) return ['GET', entry];
  if (url === undefined) throw new GoError("batch request doesn't have a url key");
  return [method, url, isBodyless(method) ? undefined : body, params];
}

const isBodyless = (method: unknown): boolean => /^(GET|HEAD)$/i.test(String(method ?? 'GET'));
