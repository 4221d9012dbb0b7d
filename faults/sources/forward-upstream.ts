import { z } from 'zod';
import type { Upstream } from '../upstream/upstream.ts';
import { Forward } from './forward.ts';
import { jsonError } from './json-error.ts';

/**
 * Creates an upstream that forwards requests to a real HTTP server, so that faults can be applied to it. `target` is
 * the server's URL, and any path in it is prepended to the path of each request. While the server can't be reached,
 * requests get a 502. If it closes a connection early, so does the upstream. Disposing of the upstream closes its
 * connections.
 */
export function createForwardUpstream(target: string): Upstream {
  const forward = new Forward(target, { whyCut: `${target} closed the connection before the end of its response` });
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
