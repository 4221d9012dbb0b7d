import type { AskedRequest } from '../../faults/upstream/asked-request.ts';
import type { Answer } from '../../faults/upstream/text-answer.ts';
import { identifyOrganisation } from './authentication.ts';
import type { GroqState } from './groq-state.ts';

/** The organisation of a request, and the request's id without prefix. */
export interface Asked {
  readonly request: AskedRequest;
  readonly organisation: string;
  readonly id: string;
}

/** Answers a request that has a valid key; refuses others. Adds the headers of every Groq response. */
export async function answer(
  state: GroqState,
  request: AskedRequest,
  respond: (asked: Asked) => Answer | Promise<Answer>,
): Promise<Answer> {
  const id = state.nextId();
  const organisation = identifyOrganisation(request, state.settings);
  const response = organisation instanceof Response ? organisation : await respond({ request, organisation, id });
  return withGroqHeaders(response, id);
}

/** Adds the headers of every Groq response. */
export function withGroqHeaders<Answered extends Answer>(response: Answered, id: string): Answered {
  const headers: Pick<Headers, 'set' | 'has'> = response.headers;
  headers.set('x-request-id', `req_${id}`);
  headers.set('x-groq-region', 'lab');
  headers.set('vary', 'Origin');
  if (!headers.has('cache-control'))
    headers.set('cache-control', 'private, max-age=0, no-store, no-cache, must-revalidate');
  return response;
}
