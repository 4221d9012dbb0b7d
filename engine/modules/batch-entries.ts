import { GoError } from '../base/errors.ts';
import { goFormat } from '../base/go-format.ts';
import { goTypeOf } from '../base/go-type.ts';

type RequestArguments = readonly [method: unknown, url: unknown, body?: unknown, params?: unknown];

interface BatchRequest {
  readonly key: string;
  /** @throws GoError if the entry is not a request. */
  readonly read: () => RequestArguments;
}

/**
 * Reads the argument of `http.batch()`: an array or object whose entries are URLs, arrays `[method, url, body,
 * params]`, or objects with these fields (golden record 54).
 *
 * @throws GoError for any other argument
 */
export function readBatch(args: readonly unknown[]): BatchRequest[] {
  const [requests] = args;
  if (args.length === 0) throw new GoError('no argument was provided to http.batch()');
  if (args.length > 1) throw new GoError('http.batch() accepts only an array or an object of requests');
  if (requests === null || typeof requests !== 'object')
    throw new GoError(`invalid http.batch() argument type ${goTypeOf(requests)}`);
  return Object.entries(requests).map(([key, entry]) => ({ key, read: () => readEntry(key, entry) }));
}

function readEntry(key: string, entry: unknown): RequestArguments {
  if (Array.isArray(entry)) {
    const [method, url, body, params] = entry as unknown[];
    if (entry.length < 2) throw new GoError(`invalid batch request '${goFormat(entry)}'`);
    return [textMethod(method), url, body, params];
  }
  // A result of `http.url` is a URL.
  if (entry === null || typeof entry !== 'object' || Object.getPrototypeOf(entry) !== Object.prototype) {
    return ['GET', entry];
  }
  const { method = 'GET', url, body, params } = entry as Record<string, unknown>;
  if (!('url' in entry)) throw new GoError(`batch request ${key} doesn't have a url key`);
  const upper = textMethod(method).toUpperCase();
  return [upper, url, upper === 'GET' || upper === 'HEAD' ? undefined : body, params];
}

function textMethod(method: unknown): string {
  if (typeof method === 'string') return method;
  throw new GoError(`invalid method type '${goFormat(method)}'`);
}
