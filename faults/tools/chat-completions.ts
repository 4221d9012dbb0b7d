import { around, type JsonEvent, type Loose, listIn, type ToolCall, type ToolDialect } from './tool-call.ts';

/** OpenAI's Chat Completions, and the APIs that are compatible with it. Only the first choice counts. */
export const chatCompletions: ToolDialect = {
  callsIn: (answer) => listIn(answer?.choices?.[0]?.message?.tool_calls).flatMap(callOf),
  withCalls(answer, calls, end) {
    const [choice, ...others] = answer.choices;
    const message = { ...choice.message, tool_calls: calls.map(toolCall) };
    return { ...answer, choices: [{ ...choice, message, ...finished(choice, end) }, ...others] };
  },
  isOfCall: (event) => deltasIn(event).length > 0,
  streamedCallsIn(events) {
    const found: ToolCall[] = [];
    for (const { index, id, function: part } of events.flatMap(deltasIn)) {
      const { name = '', arguments: text = '' } = found[index] ?? {};
      found[index] = {
        id: found[index]?.id ?? id ?? '',
        name: name || (part?.name ?? ''),
        arguments: text + (part?.arguments ?? ''),
      };
    }
    return found.filter(Boolean);
  },
  withStreamedCalls(events, { calls, pieces, end }) {
    const { before, of, after } = around(events, chatCompletions);
    const [{ data }] = of as [JsonEvent];
    const [choice] = data.choices;
    const emit = (delta: object): JsonEvent => ({
      data: { ...data, choices: [{ ...choice, delta: { tool_calls: [delta] } }] },
    });
    const sent = pieces.flatMap(({ of: index, part }): JsonEvent[] => {
      if (part === 'stop') return [];
      if (part !== 'start') return [emit({ index, function: { arguments: part.text } })];
      const call = calls[index] as ToolCall;
      return [emit({ index, ...toolCall({ ...call, arguments: '' }) })];
    });
    if (end === 'gone') return [...before, ...sent];
    const last = after.map((event): JsonEvent => {
      const [ending, ...others] = listIn(event.data?.choices);
      if (!ending) return event;
      return { ...event, data: { ...event.data, choices: [{ ...ending, ...finished(ending, end) }, ...others] } };
    });
    return [...before, ...sent, ...last];
  },
};

const deltasIn = ({ data }: JsonEvent): Loose[] => listIn(data?.choices?.[0]?.delta?.tool_calls);

const callOf = ({ id, function: { name, arguments: text } = {} as Loose }: Loose): ToolCall[] =>
  typeof name === 'string' && typeof text === 'string' ? [{ id, name, arguments: text }] : [];

const toolCall = ({ id, name, arguments: text }: ToolCall) => ({
  id,
  type: 'function',
  function: { name, arguments: text },
});

const finished = ({ finish_reason }: { readonly finish_reason?: string | null }, end: string) =>
  end === 'limit' && finish_reason ? { finish_reason: 'length' } : {};
