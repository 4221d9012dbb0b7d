import type { Answer } from '../../faults/upstream/text-answer.ts';

/** Sets headers, except `cache-control` if the response has it: that of a stream. */
export function withHeaders<Answered extends Answer>(response: Answered, headers: Record<string, string>): Answered {
  const present: Pick<Headers, 'set' | 'has'> = response.headers;
  for (const [name, value] of Object.entries(headers)) {
    if (name !== 'cache-control' || !present.has(name)) present.set(name, value);
  }
  return response;
}
