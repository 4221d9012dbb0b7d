import { commonFields, type Particulars, toolCalls } from './completion.ts';
import type { Draft } from './draft.ts';

/**
 * Returns a completion as server-sent events: a first delta with the role and empty content, a delta per token, a last
 * chunk with the finish reason and `x_groq.usage`, a chunk with the usage and no choices if
 * `stream_options.include_usage` is set, and `[DONE]`. Each event is one chunk of the body and is created when it is
 * read.
 */
export function streamedCompletion(draft: Draft, particulars: Particulars): Response {
  const events = eventsOf(draft, particulars);
  const encoder = new TextEncoder();
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      const { value, done } = events.next();
      if (done) controller.close();
      else controller.enqueue(encoder.encode(`data: ${value}\n\n`));
    },
  });
  return new Response(body, { headers: { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' } });
}

function* eventsOf(draft: Draft, particulars: Particulars): Generator<string, undefined> {
  const common = { ...commonFields(particulars), object: 'chat.completion.chunk' };
  const chunk = (delta: object, finish_reason: string | null, more: object = {}): string =>
    JSON.stringify({ ...common, choices: [{ index: 0, delta, logprobs: null, finish_reason }], ...more });
  const id = `req_${particulars.id}`;

  yield chunk({ role: 'assistant', content: '' }, null, { x_groq: { id } });
  for (const content of draft.tokens) yield chunk({ content }, null);
  const calls = toolCalls(draft, particulars);
  if (calls) yield chunk({ tool_calls: calls.map((call, index) => ({ index, ...call })) }, null);
  yield chunk({}, draft.finishReason, { x_groq: { id, usage: draft.usage } });
  if (particulars.wanted.stream_options?.include_usage) {
    yield JSON.stringify({ ...common, choices: [], usage: draft.usage });
  }
  yield '[DONE]';
}
