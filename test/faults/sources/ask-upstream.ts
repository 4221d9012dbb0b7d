import { respond } from '../../../faults/upstream/respond.ts';
import { asResponse } from '../../../faults/upstream/text-answer.ts';
import type { Upstream } from '../../../faults/upstream/upstream.ts';

/** Sends a request to an upstream without a server. */
export async function ask(
  upstream: Upstream,
  method: string,
  path: string,
  init: RequestInit = {},
  unserved: (why: string) => void = () => {},
): Promise<Response> {
  return asResponse(await respond(upstream, new Request(`https://fake.invalid${path}`, { method, ...init }), unserved));
}
