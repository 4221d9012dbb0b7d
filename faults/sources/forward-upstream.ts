import { z } from 'zod';
import type { Upstream } from '../upstream/upstream.ts';
import { Forward } from './forward.ts';
import { jsonError } from './json-error.ts';

/**
 * Puts a real HTTP server behind the faults of an upstream. `target` is its URL; a path in it precedes the path of each
 * request. While the server can't be reached, requests are answered with 502. Disposing of it closes its connections.
 */
export function createForwardUpstream(target: string): Upstream {
  const forward = new Forward(target);
  return {
    streams: true,
    handlers: [forward],
    errorResponse: (status) => jsonError(status),
    unknownPath: (method, path) => jsonError(404, `no handler for ${method} ${path}`),
    settings: {},
    configure: (settings) => void z.strictObject({}).parse(settings),
    [Symbol.asyncDispose]: () => forward[Symbol.asyncDispose](),
  };
}
