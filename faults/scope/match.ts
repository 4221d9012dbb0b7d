import { isDeepStrictEqual } from 'node:util';
import type { Matchable } from '../kinds/lib/fault.ts';
import type { FaultScope } from './scope.ts';

/** Returns a request's API key: the credentials of Authorization without the scheme, or `x-api-key`. */
export const apiKeyOf = (headerOf: (name: string) => string | null | undefined): string | undefined =>
  headerOf('authorization')?.replace(/^\S+\s+/, '') ?? headerOf('x-api-key') ?? undefined;

/** Whether a fault applies to a request or connection. Health routes match only if `route` is set to them. */
export function matches({ route, apiKey, body, connections }: FaultScope, request: Matchable): boolean {
  const { route: requestRoute = '' } = request;
  if (route === undefined ? isHealthLike(requestRoute) : !isRoute(route, requestRoute)) return false;
  if (connections !== undefined && connections !== request.connection) return false;
  if (apiKey !== undefined && apiKey !== request.apiKey) return false;
  if (!body) return true;
  return valuesAt(request.body?.(), body.path.split('.')).some((value) =>
    'equals' in body
      ? isDeepStrictEqual(value, body.equals)
      : typeof value === 'string' && value.includes(body.contains),
  );
}

/** Whether a route is a health check, such as /health, /healthz, /livez, /readyz or /ping. */
function isHealthLike(route: string): boolean {
  return /\/(health|healthz|healthcheck|live|livez|ready|readyz|ping)\/?$/i.test(route);
}

function isRoute(wanted: string, route: string): boolean {
  if (!wanted.includes('*')) return wanted === route;
  const segments = route.split('/');
  const all = wanted.split('/');
  return all.length === segments.length && all.every((part, index) => part === segments[index] || part === '*');
}

function valuesAt(value: unknown, [name, ...rest]: string[]): unknown[] {
  if (name === undefined) return [value];
  if (typeof value !== 'object' || value === null) return [];
  if (name === '*') return Object.values(value).flatMap((entry) => valuesAt(entry, rest));
  return Object.hasOwn(value, name) ? valuesAt(Reflect.get(value, name), rest) : [];
}
