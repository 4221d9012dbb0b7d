import type { AskedRequest } from './asked-request.ts';
import type { Answer } from './text-answer.ts';
import { Unserved } from './unserved.ts';
import type { Upstream } from './upstream.ts';

/** Why a request is unserved that no handler responds to. */
const NO_HANDLER = 'no handler';

/**
 * Returns the upstream's response: of the first handler that responds, else its 404, or its 502 if the server behind it
 * can't be reached.
 *
 * @param unserved is called with the reason if it is not the response of a handler
 */
export async function respond(
  upstream: Upstream,
  request: AskedRequest,
  unserved: (why: string) => void,
): Promise<Answer> {
  const { pathname } = new URL(request.url);
  try {
    for (const handler of upstream.handlers) {
      const answer = handler.answer(request, pathname);
      // Waiting for each handler that is not meant would cost a turn of the event loop.
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
