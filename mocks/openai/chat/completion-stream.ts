import type { Draft } from '../../llm/draft.ts';
import { eventStream } from '../../llm/event-stream.ts';
import { splitTokens } from '../../llm/tokens.ts';
import { type Completion, callsOf, commonFields, finishReason } from './completion.ts';

/**
 * Returns a completion as server-sent events. Each choice has a first delta with the role and empty content, a delta
 * for each token or piece of a call, and a last chunk with the finish reason. They are followed by a chunk with the usage and no choices
 * if `stream_options.include_usage` is set, and by `[DONE]`.
 */
export function streamedCompletion(completion: Completion & { readonly includesUsage: boolean }): Response {
  return eventStream(eventsOf(completion));
}

function* eventsOf({
  chat,
  drafts,
  particulars,
  usage,
  includesUsage,
}: Completion & { readonly includesUsage: boolean }): Generator<string, undefined> {
  const common = { ...commonFields(particulars), object: 'chat.completion.chunk' };
  const chunk = (choices: object[], more: object): string =>
    `data: ${JSON.stringify({ ...common, choices, ...more })}\n\n`;
  const usual = chat.chunk(particulars, { isFirst: false });
  const noUsage = includesUsage && chat.marksUsage ? { usage: null } : {};

  for (const [index, draft] of drafts.entries()) {
    const choice = (delta: object, finish_reason: string | null = null) => [
      { index, delta, logprobs: null, finish_reason },
    ];
    const first = chat.chunk(particulars, { isFirst: true });
    const calls = callsOf(particulars, index, draft);
    const content = calls.length > 0 && draft.text.length === 0 ? null : '';
    yield chunk(choice({ role: 'assistant', content }), { ...first, ...noUsage });
    for (const delta of deltasOf(draft, calls, chat.splitsArguments)) {
      yield chunk(choice(delta), { ...usual, ...noUsage });
    }
    const last = chat.chunk(particulars, { isFirst: false, usage });
    yield chunk(choice({}, finishReason(draft)), { ...last, ...noUsage });
  }
  if (includesUsage) yield chunk([], { ...usual, usage });
  yield 'data: [DONE]\n\n';
}

function deltasOf({ text }: Draft, calls: ReturnType<typeof callsOf>, splitsArguments: boolean): object[] {
  const ofCalls = calls.flatMap(({ function: call, ...started }, index) => {
    if (!splitsArguments) return [{ index, ...started, function: call }];
    const parts = splitTokens(call.arguments).map((part) => ({ index, function: { arguments: part } }));
    return [{ index, ...started, function: { name: call.name, arguments: '' } }, ...parts];
  });
  return [...text.map((content) => ({ content })), ...ofCalls.map((call) => ({ tool_calls: [call] }))];
}
