import type { AskedRequest } from './asked-request.ts';
import type { Answer } from './text-answer.ts';
import type { Upstream } from './upstream.ts';

/** Returns the upstream's response: of the first handler that responds, or its 404. */
export async function respond(upstream: Upstream, request: AskedRequest): Promise<Answer> {
  const { pathname } = new URL(request.url);
  for (const handler of upstream.handlers) {
    const answer = handler.answer(request, pathname);
    // Waiting for each handler that is not meant would cost a turn of the event loop.
    const given = answer instanceof Promise ? await answer : answer;
    if (given) return given;
  }
  return upstream.unknownPath(request.method, pathname);
}
