import type { AskedRequest } from './route.ts';
import type { Answer } from './text-answer.ts';
import type { Upstream } from './upstream.ts';

/** Returns the upstream's response: of its first matching handler, or its 404. */
export async function respond(upstream: Upstream, request: AskedRequest): Promise<Answer> {
  const { pathname } = new URL(request.url);
  for (const handler of upstream.handlers) {
    const answer = handler.answer(request, pathname);
    if (answer) return answer;
  }
  return upstream.unknownPath(request.method, pathname);
}
