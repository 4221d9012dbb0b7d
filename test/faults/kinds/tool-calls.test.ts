import { expect, test } from 'vitest';
import { chatCompletions } from '../../../faults/tools/chat-completions.ts';
import { messages } from '../../../faults/tools/messages.ts';
import { responses } from '../../../faults/tools/responses.ts';
import type { ToolCall, ToolDialect } from '../../../faults/tools/tool-call.ts';
import { type FakeLab, startFakeLab, type UpstreamName } from '../../mocks/fake-lab.ts';

const ORDER = { item: 'tea für 1-1-abcdefgh', count: 2 };
const WHOLE = JSON.stringify(ORDER);
const ROTATED = WHOLE.slice(6) + WHOLE.slice(0, 6);
const parameters = { type: 'object', properties: { item: { type: 'string' } } };

interface Api {
  readonly upstream: UpstreamName;
  readonly path: string;
  readonly dialect: ToolDialect;
  readonly body: object;
}

const chat = {
  messages: [{ role: 'user', content: 'Order tea.' }],
  tools: [{ type: 'function', function: { name: 'order', parameters } }],
};
const APIS: Readonly<Record<string, Api>> = {
  'chat completions': {
    upstream: 'openai',
    path: '/v1/chat/completions',
    dialect: chatCompletions,
    body: { model: 'gpt-5.6-luna', ...chat },
  },
  'chat completions with whole arguments': {
    upstream: 'groq',
    path: '/openai/v1/chat/completions',
    dialect: chatCompletions,
    body: { model: 'openai/gpt-oss-20b', ...chat },
  },
  responses: {
    upstream: 'openai',
    path: '/v1/responses',
    dialect: responses,
    body: { model: 'gpt-5.6-luna', input: 'Order tea.', tools: [{ type: 'function', name: 'order', parameters }] },
  },
  messages: {
    upstream: 'anthropic',
    path: '/v1/messages',
    dialect: messages,
    body: {
      model: 'claude-sonnet-5',
      max_tokens: 500,
      messages: chat.messages,
      tools: [{ name: 'order', input_schema: parameters }],
    },
  },
};

/** Returns the calls in the answer of an API with a fault, whole or streamed, and its text. */
async function callsWith(
  lab: FakeLab,
  { upstream, path, dialect, body }: Api,
  { stream, ...fault }: Record<string, unknown>,
  calls: readonly object[] = [{ tool: 'order', arguments: ORDER }],
): Promise<{ calls: readonly ToolCall[]; text: string }> {
  await lab.control('PUT', `/upstreams/${upstream}/settings`, { conversation: { rounds: [{ calls }] } });
  await lab.inject(upstream, { kind: 'tool-calls', ...fault });
  const response = await fetchFrom(lab, `${lab.fakes.upstreams[upstream]}${path}`, { ...body, stream });
  await lab.control('DELETE', `/upstreams/${upstream}/faults`);
  if (!stream) return { calls: dialect.callsIn(JSON.parse(response)), text: response };
  const events = response.split('\n\n').map((raw) => {
    const data = /^data: (.+)$/m.exec(raw)?.[1] ?? '';
    return { name: /^event: (.+)$/m.exec(raw)?.[1], data: data.startsWith('{') ? JSON.parse(data) : undefined };
  });
  return { calls: dialect.streamedCallsIn(events), text: response };
}

/** Returns as much of a body as arrives. */
async function fetchFrom({ agent }: FakeLab, url: string, body: object): Promise<string> {
  const { request } = await import('undici');
  const headers = {
    authorization: 'Bearer gsk_test',
    'x-api-key': 'sk-ant-test',
    'anthropic-version': '2026-10-21',
    'content-type': 'application/json',
  };
  const answer = await request(url, { method: 'POST', headers, body: JSON.stringify(body), dispatcher: agent });
  let text = '';
  try {
    for await (const chunk of answer.body) text += chunk;
  } catch {
    // A connection that ends is one of the faults.
  }
  expect(answer.statusCode, text).toBe(200);
  return text;
}

const receiptOf = async (lab: FakeLab, upstream: UpstreamName) =>
  (await lab.receipts(upstream)).at(-1) as { toolCalls?: { flaw?: string; arguments: string }[]; outcome: string };

const LIMITED = /"(?:finish_reason|stop_reason|reason)":"(?:length|max_tokens|max_output_tokens)"/;

for (const [name, api] of Object.entries(APIS)) {
  for (const stream of [false, true]) {
    const isObject = name === 'messages' && !stream;

    test(`${name}, ${stream ? 'streamed' : 'whole'}: arguments end at each character in turn`, async () => {
      await using lab = await startFakeLab();
      const { calls, text } = await callsWith(lab, api, { flaw: 'cut', sweep: 2, stream });
      expect(calls.map((call) => call.arguments)).toEqual([isObject ? '{}' : '']);
      expect(text).toMatch(LIMITED);
      const { toolCalls } = await receiptOf(lab, api.upstream);
      expect(toolCalls).toMatchObject([{ flaw: `its arguments end after 0 of ${WHOLE.length} characters` }]);
      await callsWith(lab, api, { flaw: 'cut', sweep: 1, stream });
      const last = await receiptOf(lab, api.upstream);
      const lost = `its arguments end after ${WHOLE.length - 1} of ${WHOLE.length} characters`;
      expect(last.toolCalls).toMatchObject([{ flaw: lost }]);
    });

    test(`${name}, ${stream ? 'streamed' : 'whole'}: a call comes twice, or under another name`, async () => {
      await using lab = await startFakeLab();
      const { calls } = await callsWith(lab, api, { flaw: 'doubled', stream });
      expect(calls.map((call) => JSON.parse(call.arguments))).toEqual([ORDER, ORDER]);
      const unknown = await callsWith(lab, api, { flaw: 'unknown', stream });
      expect(unknown.calls).toMatchObject([{ name: 'order_v2' }]);
      expect(unknown.text).not.toMatch(LIMITED);
    });
  }

  test(`${name}: a stream ends with its connection, in the middle of the arguments`, async () => {
    await using lab = await startFakeLab();
    await callsWith(lab, api, { flaw: 'cut', end: 'gone', sweep: 2, stream: true });
    expect(await receiptOf(lab, api.upstream)).toMatchObject({ outcome: 'cut' });
  });

  test(`${name}: pieces come out of order, and are put together wrongly in a whole answer`, async () => {
    await using lab = await startFakeLab();
    const beginning = /"id":"call_|"call_id":"call_|"type":"tool_use"/;
    const late = await callsWith(lab, api, { flaw: 'disordered', stream: true });
    expect(late.text.indexOf('{\\"item')).toBeLessThan(late.text.search(beginning));
    expect(await receiptOf(lab, api.upstream)).toMatchObject({ toolCalls: [{ arguments: WHOLE, whole: true }] });
    const { calls } = await callsWith(lab, api, { flaw: 'disordered' });
    expect(calls.map((call) => call.arguments)).toEqual([name === 'messages' ? '{}' : ROTATED]);
    const { toolCalls } = await receiptOf(lab, api.upstream);
    expect(toolCalls).toEqual([{ name: 'order', arguments: ROTATED, flaw: expect.any(String) }]);
  });

  test(`${name}: pieces of two calls in turn have the same arguments`, async () => {
    await using lab = await startFakeLab();
    const other = { item: 'milk' };
    const both = [ORDER, other].map((given) => ({ tool: 'order', arguments: given }));
    const { calls } = await callsWith(lab, api, { flaw: 'crossed', stream: true }, both);
    expect(calls.map((call) => JSON.parse(call.arguments))).toEqual([ORDER, other]);
  });
}
