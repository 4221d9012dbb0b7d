import { jsonIn } from '../base/json-in.ts';
import { around, type JsonEvent, type Loose, listIn, type ToolCall, type ToolDialect } from './tool-call.ts';

/**
 * Anthropic's Messages API. The arguments in a whole answer are an object. Broken ones are therefore empty there, and the
 * answer ends at its limit, as in the API.
 */
export const messages: ToolDialect = {
  callsIn: (answer) => listIn(answer?.content).filter(isCall).map(callOf),
  withCalls(answer, calls, end) {
    const isLimited = end === 'limit' || calls.some((call) => jsonIn(call.arguments) === undefined);
    const content = listIn(answer.content).filter((block) => !isCall(block));
    const blocks = calls.map((call) => ({ ...blockOf(call), input: inputOf(call) }));
    return { ...answer, content: [...content, ...blocks], ...(isLimited && LIMITED) };
  },
  isOfCall: ({ data }, events) =>
    events.some((event) => isCall(event.data?.content_block) && event.data.index === data?.index),
  streamedCallsIn(events) {
    const found = new Map<number, ToolCall>();
    for (const { data } of events) {
      if (isCall(data?.content_block)) found.set(data.index, { ...callOf(data.content_block), arguments: '' });
      const call = found.get(data?.index);
      if (call && data.delta?.partial_json !== undefined) {
        found.set(data.index, { ...call, arguments: call.arguments + data.delta.partial_json });
      }
    }
    return [...found.values()];
  },
  withStreamedCalls(events, { calls, pieces, end }) {
    const { before, of, after } = around(events, messages);
    const first = of[0]?.data.index;
    const emit = (type: string, data: object): JsonEvent => ({ name: type, data: { type, ...data } });
    const sent = pieces.map(({ of: position, part }): JsonEvent => {
      const index = first + position;
      if (part === 'stop') return emit('content_block_stop', { index });
      if (part === 'start')
        return emit('content_block_start', { index, content_block: blockOf(calls[position] as ToolCall) });
      return emit('content_block_delta', { index, delta: { type: 'input_json_delta', partial_json: part.text } });
    });
    if (end === 'gone') return [...before, ...sent];
    const last = after.map((event): JsonEvent => {
      if (end !== 'limit' || event.data?.delta?.stop_reason === undefined) return event;
      return { ...event, data: { ...event.data, delta: { ...event.data.delta, ...LIMITED } } };
    });
    return [...before, ...sent, ...last];
  },
};

const LIMITED = { stop_reason: 'max_tokens' };

const isCall = (block: { readonly type?: unknown } | null | undefined): boolean => block?.type === 'tool_use';

const callOf = ({ id, name, input }: Loose): ToolCall => ({ id, name, arguments: JSON.stringify(input ?? {}) });

const blockOf = ({ id, name }: ToolCall) => ({ type: 'tool_use', id, name, input: {} });

const inputOf = ({ arguments: text }: ToolCall): unknown => jsonIn(text) ?? {};
