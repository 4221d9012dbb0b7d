import type { Answer } from '../../faults/upstream/text-answer.ts';

/** Sets headers, but keeps an existing `cache-control`, which a stream has. */
export function withHeaders<Answered extends Answer>(response: Answered, headers: Record<string, string>): Answered {
  const present: Pick<Headers, 'set' | 'has'> = response.headers;
  for (const [name, value] of Object.entries(headers)) {
    if (name !== 'cache-control' || !present.has(name)) present.set(name, value);
  }
  return response;
}
