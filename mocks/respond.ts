import { getResponse } from 'msw';
import type { Upstream } from './upstream.ts';

/** What an upstream answers of itself: what a handler says, or its own 404. */
export async function respond(upstream: Upstream, request: Request): Promise<Response> {
  const found = await getResponse(upstream.handlers, request);
  return found ?? upstream.unknownPath(request.method, new URL(request.url).pathname);
}
