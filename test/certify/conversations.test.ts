import { generateText, isStepCount, streamText, tool } from 'ai';
import type { Response, ResponseInput } from 'openai/resources/responses/responses';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { modelsOf } from './ai/models.ts';
import { anthropicOf } from './anthropic/client.ts';
import { groqOf } from './groq/client.ts';
import { openaiOf } from './openai/client.ts';
import { setUp } from './support/set-up.ts';
import { useFakes } from './support/use-fakes.ts';

const fakes = await useFakes();
const openai = openaiOf(fakes);
const anthropic = anthropicOf(fakes);
const groq = groqOf(fakes);

const CONVERSATION = {
  rounds: [
    {
      text: 'I look it up.',
      calls: [
        { tool: 'seats', arguments: { day: 2, note: 'für {{proofload.question}}' } },
        { tool: 'seats', arguments: { day: 3, note: 'other' } },
      ],
    },
    { calls: [{ tool: 'book', arguments: { seat: '12A' } }] },
  ],
  text: 'Seat 12A is yours.',
};
const EFFECTS = [
  ['seats', { day: 2, note: 'für Book a seat' }],
  ['seats', { day: 3, note: 'other' }],
  ['book', { seat: '12A' }],
];
const QUESTION = 'Book a seat';
const seats = { type: 'object' as const, properties: { day: { type: 'integer' }, note: { type: 'string' } } };
const book = { type: 'object' as const, properties: { seat: { type: 'string' } } };
const functions = [
  { name: 'seats', parameters: seats },
  { name: 'book', parameters: book },
];
const tools = functions.map((declared) => ({ type: 'function' as const, function: declared }));

/** An unmodified client in a loop that runs tools: it calls `run` for each call, and returns the last text. */
type Agent = (run: (name: string, written: unknown) => string) => Promise<string>;

type Message = { role: 'assistant'; content: string | null; tool_calls?: { id: string; function: Called }[] };
type Called = { name: string; arguments: string };

/** Runs the tools of chat completions until there is an answer without calls. */
const chatting =
  (ask: (messages: never[]) => Promise<Message | undefined>): Agent =>
  async (run) => {
    const messages: object[] = [{ role: 'user', content: QUESTION }];
    for (;;) {
      const message = (await ask(messages as never[])) ?? expect.fail('no message');
      if (!message.tool_calls?.length) return message.content ?? '';
      messages.push(message);
      for (const { id, function: called } of message.tool_calls) {
        messages.push({ role: 'tool', tool_call_id: id, content: run(called.name, JSON.parse(called.arguments)) });
      }
    }
  };

/** Runs the tools of responses: with the whole input each time, or continuing the response before. */
const responding =
  (keeps: boolean, ask: (body: { model: string; input: ResponseInput }) => Promise<Response>): Agent =>
  async (run) => {
    let input: ResponseInput = [{ role: 'user', content: QUESTION }];
    let earlier: string | undefined;
    for (;;) {
      const continued = keeps && earlier !== undefined ? { previous_response_id: earlier } : {};
      const { id, output, output_text } = await ask({ model: 'gpt-5.6-luna', input, ...continued });
      const calls = output.filter((item) => item.type === 'function_call');
      if (calls.length === 0) return output_text;
      const results = calls.map(({ call_id, name, arguments: written }) => ({
        type: 'function_call_output' as const,
        call_id,
        output: run(name, JSON.parse(written)),
      }));
      earlier = id;
      input = keeps ? results : [...input, ...(output as ResponseInput), ...results];
    }
  };
const responseTools = functions.map((declared) => ({ type: 'function' as const, strict: false, ...declared }));

const talking =
  (streams: boolean): Agent =>
  async (run) => {
    const messages: Parameters<typeof anthropic.messages.create>[0]['messages'] = [{ role: 'user', content: QUESTION }];
    const request = {
      model: 'claude-sonnet-5-5',
      max_tokens: 500,
      tools: functions.map(({ name, parameters }) => ({ name, input_schema: parameters })),
    };
    for (;;) {
      const body = { ...request, messages };
      const message = await (streams
        ? anthropic.messages.stream(body).finalMessage()
        : anthropic.messages.create(body));
      const calls = message.content.filter((block) => block.type === 'tool_use');
      if (message.stop_reason !== 'tool_use')
        return message.content.map((block) => Reflect.get(block, 'text')).join('');
      messages.push({ role: 'assistant', content: message.content as never });
      const results = calls.map(({ id, name, input }) => ({
        type: 'tool_result' as const,
        tool_use_id: id,
        content: run(name, input),
      }));
      messages.push({ role: 'user', content: results });
    }
  };

/** Collects a stream of chunks, as groq-sdk has no helper for that. */
async function collected(chunks: AsyncIterable<{ choices: { delta: object }[] }>): Promise<Message> {
  let content = '';
  const calls: { id: string; function: Called }[] = [];
  for await (const { choices } of chunks) {
    const { delta } = choices[0] ?? { delta: {} };
    content += Reflect.get(delta, 'content') ?? '';
    for (const { index, id, function: part } of Reflect.get(delta, 'tool_calls') ?? []) {
      calls[index] ??= { id, function: { name: part.name, arguments: '' } };
      (calls[index] as { function: Called }).function.arguments += part.arguments;
    }
  }
  return { role: 'assistant', content, tool_calls: calls };
}

const runnables = (run: Parameters<Agent>[0]) =>
  functions.map(({ name, parameters }) => ({
    type: 'function' as const,
    function: {
      name,
      description: name,
      parameters,
      parse: JSON.parse,
      function: (written: object) => run(name, written),
    },
  }));

const withAi = (run: Parameters<Agent>[0]) => ({
  prompt: QUESTION,
  stopWhen: isStepCount(9),
  tools: {
    seats: tool({ inputSchema: z.object({ day: z.int(), note: z.string() }), execute: (input) => run('seats', input) }),
    book: tool({ inputSchema: z.object({ seat: z.string() }), execute: (input) => run('book', input) }),
  },
});

const chat = { model: 'gpt-5.6-luna', messages: [{ role: 'user' as const, content: QUESTION }] };
const groqModel = 'openai/gpt-oss-20b';
const AGENTS: Record<string, Agent> = {
  'openai runTools': (run) =>
    openai.chat.completions
      .runTools({ ...chat, tools: runnables(run) })
      .finalContent()
      .then(String),
  'openai runTools, streamed': (run) =>
    openai.chat.completions
      .runTools({ ...chat, tools: runnables(run), stream: true })
      .finalContent()
      .then(String),
  'openai responses': responding(false, (body) => openai.responses.create({ ...body, tools: responseTools })),
  'openai responses, streamed': responding(false, (body) =>
    openai.responses.stream({ ...body, tools: responseTools }).finalResponse(),
  ),
  'openai responses that continue': responding(true, (body) =>
    openai.responses.create({ ...body, tools: responseTools }),
  ),
  groq: chatting(async (messages) => {
    const { choices } = await groq.chat.completions.create({ model: groqModel, messages, tools });
    return choices[0]?.message as Message;
  }),
  'groq, streamed': chatting(async (messages) =>
    collected(await groq.chat.completions.create({ model: groqModel, messages, tools, stream: true })),
  ),
  anthropic: talking(false),
  'anthropic, streamed': talking(true),
};
for (const { name, model } of modelsOf(fakes)) {
  AGENTS[`ai ${name}`] = async (run) => (await generateText({ model, ...withAi(run) })).text;
  AGENTS[`ai ${name}, streamed`] = async (run) => await streamText({ model, ...withAi(run) }).text;
}

describe.each(Object.keys(AGENTS))('%s', (name) => {
  test('makes the scripted calls with their arguments, and then gets the last text', async () => {
    for (const upstream of ['openai', 'groq', 'anthropic'])
      await setUp(fakes, upstream, { conversation: CONVERSATION });
    const effects: unknown[] = [];
    const after = await fakes.lastReceipt();
    const text = await AGENTS[name]?.((called, written) => {
      effects.push([called, written]);
      return 'ok';
    });
    expect(effects).toEqual(EFFECTS);
    expect(text).toBe(CONVERSATION.text);
    const receipts = await fakes.receipts(after);
    const made = receipts.flatMap((receipt) => (receipt.kind === 'request' ? [receipt.toolCalls ?? []] : []));
    expect(made.map((calls) => calls.length)).toEqual([2, 1, 0]);
  });
});

test('streams of the official clients have the usage only as the provider sends it', async () => {
  await setUp(fakes, 'openai', { conversation: CONVERSATION });
  const usageOf = async (more: object) => {
    const chunks = await Array.fromAsync(
      await openai.chat.completions.create({ ...chat, tools, stream: true, ...more } as typeof chat & { stream: true }),
    );
    return chunks.map(({ usage }) => usage).filter(Boolean);
  };
  expect(await usageOf({})).toEqual([]);
  expect(await usageOf({ stream_options: { include_usage: true } })).toMatchObject([
    { total_tokens: expect.any(Number) },
  ]);
});
