import { request } from 'undici';
import { expect, test } from 'vitest';
import { marksIn, markWord } from '../../../faults/marks/marks.ts';
import { markOf } from '../../../faults/marks/vectors.ts';
import type { RequestReceipt } from '../../../faults/receipts/receipt.ts';
import { type FakeLab, startFakeLab, type UpstreamName } from '../fake-lab.ts';

const HEADERS = {
  authorization: 'Bearer key',
  'x-api-key': 'key',
  'anthropic-version': '2026-10-21',
  'content-type': 'application/json',
};
const schema = {
  type: 'object',
  properties: { title: { type: 'string' }, mood: { enum: ['good'] }, text: { type: 'string' } },
  required: ['title', 'mood', 'text'],
};
const content = 'Hello';
const messages = [{ role: 'user', content }];
const named = { name: 'note', parameters: schema };
const chatTools = { tools: [{ type: 'function', function: named }], tool_choice: 'required' };
const chatJson = { response_format: { type: 'json_schema', json_schema: { name: 'note', schema } } };

interface Api {
  readonly upstream: UpstreamName;
  readonly path: string;
  readonly model: string;
  readonly body: object;
  /** Returns the parts of an event or of a whole answer that belong to its text. */
  // biome-ignore lint/suspicious/noExplicitAny: the tests assert the shape
  readonly partsOf: (data: any) => unknown[];
}

// biome-ignore lint/suspicious/noExplicitAny: the tests assert the shape
const chatParts = ({ choices }: any) =>
  // biome-ignore lint/suspicious/noExplicitAny: the tests assert the shape
  choices.flatMap(({ message, delta = message }: any) =>
    // biome-ignore lint/suspicious/noExplicitAny: the tests assert the shape
    [delta.content, ...(delta.tool_calls ?? []).map((call: any) => call.function.arguments)],
  );
const groq = { upstream: 'groq', path: '/openai/v1/chat/completions', model: 'openai/gpt-oss-20b' } as const;
const openai = { upstream: 'openai', path: '/v1/chat/completions', model: 'gpt-5.6-luna' } as const;
const chat = (api: Omit<Api, 'body' | 'partsOf'>) => ({ ...api, body: { messages }, partsOf: chatParts });
const responses: Api = {
  upstream: 'openai',
  path: '/v1/responses',
  model: 'gpt-5.6-luna',
  body: { input: content },
  partsOf: ({ output, type, delta }) =>
    type === undefined
      ? // biome-ignore lint/suspicious/noExplicitAny: the tests assert the shape
        output.flatMap((item: any) => item.arguments ?? item.content.map(({ text }: { text: string }) => text))
      : [delta],
};
const anthropic: Api = {
  upstream: 'anthropic',
  path: '/v1/messages',
  model: 'claude-sonnet-5-5',
  body: { messages, max_tokens: 500 },
  partsOf: ({ content: blocks, delta }) =>
    // biome-ignore lint/suspicious/noExplicitAny: the tests assert the shape
    blocks?.map((block: any) => block.text ?? JSON.stringify(block.input)) ?? [delta?.text, delta?.partial_json],
};

const APIS: readonly (readonly [string, Api, more: object, least: readonly number[]])[] = [
  ['a completion of Groq', chat(groq), {}, [6]],
  ['a tool call of Groq', chat(groq), chatTools, [2, 6]],
  ['JSON of Groq', chat(groq), { response_format: { type: 'json_object' } }, [6, 2]],
  ['a completion of OpenAI', chat(openai), {}, [6]],
  ['a tool call of OpenAI', chat(openai), chatTools, [2, 6]],
  ['JSON of OpenAI', chat(openai), chatJson, [2, 6]],
  ['three choices of OpenAI', chat(openai), { n: 3 }, [6, 6, 6]],
  ['a completion of OpenAI that a limit cuts', chat(openai), { max_completion_tokens: 14 }, [3]],
  ['a response of OpenAI', responses, {}, [6]],
  [
    'a tool call in a response of OpenAI',
    responses,
    { tools: [{ type: 'function', ...named }], tool_choice: 'required' },
    [2, 6],
  ],
  ['a message of Anthropic', anthropic, {}, [6]],
  ['a message of Anthropic that a limit cuts', anthropic, { max_tokens: 14 }, [3]],
  ['a message of Anthropic that a sequence stops', anthropic, { stop_sequences: [markWord(1, 3)] }, [3]],
  [
    'a tool call of Anthropic',
    anthropic,
    { tools: [{ name: 'note', input_schema: schema }], tool_choice: { type: 'any' } },
    [2, 6],
  ],
];

test.each(
  APIS.flatMap(([name, ...api]) => [[name, ...api, false] as const, [`${name}, streamed`, ...api, true] as const]),
)('all words of %s are in its receipt, in order', async (_, { partsOf, ...api }, more, least, isStreamed) => {
  await using lab = await startFakeLab();
  const { status, text } = await ask(lab, {
    ...api,
    body: { ...api.body, ...more, ...(isStreamed && { stream: true }) },
  });
  expect(status, text).toBe(200);
  const events = isStreamed ? [...text.matchAll(/^data: (\{.*)$/gm)].map(([, data = '']) => data) : [text];
  const parts = events.flatMap((data) => partsOf(JSON.parse(data)));
  const [receipt] = (await lab.receipts(api.upstream)) as RequestReceipt[];
  const { answer, usage, model } = receipt as RequestReceipt;

  const marks = marksIn(parts.filter((part) => typeof part === 'string').join(''));
  expect(new Set(marks.map((mark) => mark.answer))).toEqual(new Set([1]));
  const channels = answer?.words.map((words, channel) => Array.from({ length: words }, (__, at) => channel * 128 + at));
  const byChannel = marks.map(({ position }) => position).sort((a, b) => Math.floor(a / 128) - Math.floor(b / 128));
  expect(byChannel).toEqual(channels?.flat());
  expect(answer?.words.length).toBe(least.length);
  for (const [channel, words] of least.entries()) expect(answer?.words[channel]).toBeGreaterThanOrEqual(words);
  expect(model).toBe(api.model);
  expect(usage?.[0]).toBeGreaterThan(0);
  if (!isStreamed) {
    const sent = JSON.parse(text).usage;
    expect(usage).toEqual([sent.prompt_tokens ?? sent.input_tokens, sent.completion_tokens ?? sent.output_tokens]);
  }
});

interface Ask extends Omit<Api, 'partsOf' | 'body'> {
  /** Absent for a GET. */
  readonly body: object | undefined;
}

async function ask(lab: FakeLab, { upstream, path, model, body }: Ask) {
  const { statusCode, body: answered } = await request(`${lab.fakes.upstreams[upstream]}${path}`, {
    method: body ? 'POST' : 'GET',
    headers: HEADERS,
    body: body ? JSON.stringify({ model, ...body }) : null,
    dispatcher: lab.agent,
  });
  return { status: statusCode, text: await answered.text() };
}

test('each piece of a stream has a part of a mark word', async () => {
  await using lab = await startFakeLab();
  const withoutPunctuation = (text: string) => text.replaceAll(/[^\p{L}]/gu, '');
  for (let number = 1; number <= 30; number += 1) {
    const { text } = await ask(lab, { ...openai, body: { messages, stream: true } });
    const contents = [...text.matchAll(/"delta":\{"content":"(.+?)"\}/g)].map(([, piece = '']) => piece);
    expect(contents.length).toBeGreaterThan(15);
    expect(contents.filter((piece) => withoutPunctuation(piece) === '')).toEqual([]);
  }
});

test('successive answers have different lengths', async () => {
  await using lab = await startFakeLab();
  for (let number = 1; number <= 7; number += 1) await ask(lab, chat(openai));
  const receipts = (await lab.receipts('openai')) as RequestReceipt[];
  expect(receipts.map(({ answer }) => answer?.words[0]).sort()).toEqual([10, 11, 12, 6, 7, 8, 9]);
  const outputs = receipts.map(({ usage }) => usage?.[1]);
  expect(outputs.slice(1).every((output, index) => output !== outputs[index])).toBe(true);
});

test('a receipt has no marks if the request was refused', async () => {
  await using lab = await startFakeLab();
  await ask(lab, { ...openai, model: 'none', body: { messages } });
  const [receipt] = await lab.receipts('openai');
  expect(receipt).not.toHaveProperty('answer');
  expect(receipt).not.toHaveProperty('usage');
});

test('a receipt names the answers whose text the request sends back', async () => {
  await using lab = await startFakeLab();
  const { choices } = JSON.parse((await ask(lab, chat(groq))).text);
  await ask(lab, {
    ...anthropic,
    body: { ...anthropic.body, messages: [{ role: 'user', content: 'Hi' }, choices[0].message] },
  });
  const [receipt] = await lab.receipts('anthropic');
  expect(receipt).toMatchObject({ seq: 2, quotes: [1] });
  expect((await lab.receipts('groq'))[0]).not.toHaveProperty('quotes');
});

test('a receipt names the answers whose text is stored at the upstream', async () => {
  await using lab = await startFakeLab();
  const { choices } = JSON.parse((await ask(lab, chat(groq))).text);
  await lab.ask('mem0', 'POST', '/v1/memories/', {
    messages: [{ role: 'user', content: choices[0].message.content }],
    user_id: 'u',
    async_mode: false,
  });
  await lab.ask('mem0', 'POST', '/v2/memories/search/', { query: 'tea', filters: { user_id: 'u' } });
  expect(await lab.receipts('mem0')).toMatchObject([{ quotes: [1] }, { seq: 3, quotes: [1] }]);

  const { id } = JSON.parse((await ask(lab, responses)).text);
  await ask(lab, { ...responses, path: `/v1/responses/${id}`, body: undefined });
  const [, read] = await lab.receipts('openai');
  expect(read).toMatchObject({ seq: 5, quotes: [4] });
});

test('vectors have the number of their answer and their place in it', async () => {
  await using lab = await startFakeLab();
  const input = ['tea', 'tea', 'coffee'];
  const api = { upstream: 'openai', path: '/v1/embeddings', model: 'text-embedding-3-small' } as const;
  const { data } = JSON.parse((await ask(lab, { ...api, body: { input } })).text);
  const vectors: number[][] = data.map(({ embedding }: { embedding: number[] }) => embedding);
  expect(vectors.map(markOf)).toEqual([0, 1, 2].map((index) => ({ answer: 1, index })));
  for (const vector of vectors) expect(Math.hypot(...vector)).toBeCloseTo(1, 6);
  await ask(lab, { ...api, body: { input, dimensions: 2 } });
  expect(await lab.receipts('openai')).toMatchObject([
    { answer: { words: [], vectors: 3 }, usage: [4, 0], model: 'text-embedding-3-small' },
    { answer: { words: [], vectors: 0 } },
  ]);
});
