import type { JsonBodyType } from 'msw';
import { quotesIn } from '../../faults/marks/marks.ts';
import { type Answer, TextAnswer } from '../../faults/upstream/text-answer.ts';
import type { UpstreamRequest } from '../../faults/upstream/upstream-request.ts';
import { Mem0Refusal, mem0Error } from './errors.ts';
import type { Mem0State } from './mem0-state.ts';

/**
 * Responds with JSON to a request that contains a valid `Authorization: Token <key>` header, and rejects others. If
 * `respond` throws a `Mem0Refusal`, it becomes the response.
 */
export async function answer(
  { settings }: Mem0State,
  request: UpstreamRequest,
  respond: () => JsonBodyType | Promise<JsonBodyType>,
): Promise<Answer> {
  const [, key] = /^Token\s+(\S+)/i.exec(request.headers.get('authorization') ?? '') ?? [];
  if (key === undefined) return mem0Error(401);
  if (settings.revokedKeys.includes(key)) {
    return mem0Error(401, 'Invalid API key. You can find your API key on https://app.mem0.ai/dashboard/api-keys.');
  }
  if (settings.forbiddenKeys.includes(key)) return mem0Error(403);
  try {
    const text = JSON.stringify(await respond());
    request.note?.({ quotes: quotesIn(text) });
    return new TextAnswer(200, 'application/json', text);
  } catch (error) {
    if (error instanceof Mem0Refusal) return error.response;
    throw error;
  }
}
