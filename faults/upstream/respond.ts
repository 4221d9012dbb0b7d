import type { Answer } from './text-answer.ts';
import { Unserved } from './unserved.ts';
import type { Upstream } from './upstream.ts';
import type { UpstreamRequest } from './upstream-request.ts';

/** The reason that is given if no handler responds to a request. */
const NO_HANDLER = 'no handler';

/**
 * Returns the response from the first handler that responds. If none does, the response is a 404. If the server behind
 * the upstream can't be reached, it is a 502.
 *
 * @param unserved Called with the reason if the response doesn't come from a handler.
 */
export async function respond(
  upstream: Upstream,
  request: UpstreamRequest,
  unserved: (why: string) => void,
): Promise<Answer> {
  const { pathname } = new URL(request.url);
  try {
    for (const handler of upstream.handlers) {
      const answer = handler.answer(request, pathname);
      // Awaiting each handler that doesn't respond would cost a turn of the event loop.
      const given = answer instanceof Promise ? await answer : answer;
      if (given) return given;
    }
  } catch (error) {
    if (!(error instanceof Unserved)) throw error;
    unserved(error.message);
    return upstream.errorResponse(error.status);
  }
  unserved(NO_HANDLER);
  return upstream.unknownPath(request.method, pathname);
}
