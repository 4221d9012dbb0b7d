import type { Draft } from '../../llm/draft.ts';
import { eventStream } from '../../llm/event-stream.ts';
import { splitTokens } from '../../llm/tokens.ts';
import { type Completion, callId, commonFields, finishReason } from './completion.ts';

/**
 * Returns a completion as server-sent events. Each choice has a first delta with the role and empty content, a delta
 * for each token, and a last chunk with the finish reason. They are followed by a chunk with the usage and no choices
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
    yield chunk(choice({ role: 'assistant', content: '' }), { ...first, ...noUsage });
    for (const delta of deltasOf(draft, callId(particulars, index), chat.splitsArguments)) {
      yield chunk(choice(delta), { ...usual, ...noUsage });
    }
    const last = chat.chunk(particulars, { isFirst: false, usage });
    yield chunk(choice({}, finishReason(draft)), { ...last, ...noUsage });
  }
  if (includesUsage) yield chunk([], { ...usual, usage });
  yield 'data: [DONE]\n\n';
}

function deltasOf({ call, tokens }: Draft, id: string, splitsArguments: boolean): object[] {
  if (!call) return tokens.map((content) => ({ content }));
  const started = { index: 0, id, type: 'function' };
  if (!splitsArguments) return [{ tool_calls: [{ ...started, function: call }] }];
  const parts = splitTokens(call.arguments).map((part) => ({ arguments: part }));
  return [
    { tool_calls: [{ ...started, function: { name: call.name, arguments: '' } }] },
    ...parts.map((part) => ({ tool_calls: [{ index: 0, function: part }] })),
  ];
}
