import { around, type JsonEvent, type Loose, listIn, type ToolCall, type ToolDialect } from './tool-call.ts';

/** OpenAI's Responses API. */
export const responses: ToolDialect = {
  callsIn: (answer) => listIn(answer?.output).filter(isCall).map(callOf),
  withCalls(answer, calls, end) {
    const [template] = listIn(answer.output).filter(isCall);
    const output = listIn(answer.output).filter((item) => !isCall(item));
    return {
      ...answer,
      output: [...output, ...calls.map((call) => itemOf(template, call, end))],
      ...(end === 'limit' && { status: 'incomplete', incomplete_details: { reason: 'max_output_tokens' } }),
    };
  },
  isOfCall: ({ name = '', data }) => name.startsWith('response.function_call_arguments.') || isCall(data?.item),
  streamedCallsIn: (events) => {
    const { response } = events.findLast(({ data }) => data?.response?.output !== undefined)?.data ?? {};
    return responses.callsIn(response);
  },
  withStreamedCalls(events, { calls, pieces, end }) {
    const { before, of, after } = around(events, responses);
    const { item, output_index: first } = of[0]?.data ?? {};
    const emit = (type: string, data: object): JsonEvent => ({ name: type, data: { type, ...data } });
    const sent = pieces.flatMap(({ of: index, part }): JsonEvent[] => {
      const call = calls[index] as ToolCall;
      const at = { item_id: itemOf(item, call, end).id, output_index: first + index };
      if (part === 'start') {
        const started = { ...itemOf(item, call, end), status: 'in_progress', arguments: '' };
        return [emit('response.output_item.added', { output_index: at.output_index, item: started })];
      }
      if (part !== 'stop') return [emit('response.function_call_arguments.delta', { ...at, delta: part.text })];
      return [
        emit('response.function_call_arguments.done', { ...at, name: call.name, arguments: call.arguments }),
        emit('response.output_item.done', { output_index: at.output_index, item: itemOf(item, call, end) }),
      ];
    });
    const last = after.map((event): JsonEvent => {
      if (event.data?.response?.output === undefined) return event;
      const response = responses.withCalls(event.data.response, calls, end);
      const type = end === 'limit' ? 'response.incomplete' : event.name;
      return { name: String(type), data: { ...event.data, type, response } };
    });
    return [...before, ...sent, ...(end === 'gone' ? [] : last)].map(
      (event, sequence_number): JsonEvent => ({ ...event, data: { ...event.data, sequence_number } }),
    );
  },
};

const isCall = (item: { readonly type?: unknown } | null | undefined): boolean => item?.type === 'function_call';

const callOf = ({ call_id, name, arguments: text }: Loose): ToolCall => ({ id: call_id, name, arguments: text });

const itemOf = (template: object, { id, name, arguments: text }: ToolCall, end: string) => ({
  ...template,
  id: `fc_${id}`,
  call_id: id,
  name,
  arguments: text,
  status: end === 'limit' ? 'incomplete' : 'completed',
});
