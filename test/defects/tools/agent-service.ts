/**
 * An agent that lets a model place orders (see agent.ts). `/ask` gets whole answers of the model, and `/chat` streams.
 * The argument is a defect. Without it, the service is correct.
 */
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { json } from 'node:stream/consumers';

const { PORT, MODEL_URL, SHOP_URL } = process.env;
const [, , DEFECT] = process.argv;

const TOOL = 'place_order';
const ROUNDS = { 'loop-of-fifty-rounds': 50, 'a-round-too-many': 6 }[DEFECT ?? ''] ?? 5;

interface Call {
  id: string;
  name: string;
  arguments: string;
}

interface Answer {
  text: string;
  calls: Call[];
  /** Why it ended. Undefined if it was cut off. */
  finish: string | undefined;
}

const post = (url: string, body: object, headers: Record<string, string>, ms: number) =>
  fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(ms),
  });

async function askModel(messages: readonly object[], stream: boolean): Promise<Answer> {
  const parameters = {
    type: 'object',
    properties: { item: { type: 'string' }, quantity: { type: 'integer' } },
    required: ['item', 'quantity'],
  };
  const tools = [{ type: 'function', function: { name: TOOL, parameters } }];
  const body = { model: 'gpt-5.6-luna', messages, tools, stream };
  const response = await post(`${MODEL_URL}/chat/completions`, body, { authorization: 'Bearer sk-agent' }, 5_000);
  if (!response.ok) throw new Error(`the model answered ${response.status}`);
  if (stream) return readStream(response);
  // biome-ignore lint/suspicious/noExplicitAny: an answer of the API
  const [{ message, finish_reason }] = ((await response.json()) as any).choices;
  const calls = (message.tool_calls ?? []).map(({ id, function: call }: { id: string; function: Call }) => {
    return { id, name: call.name, arguments: call.arguments };
  });
  return { text: message.content ?? '', calls, finish: finish_reason };
}

async function readStream(response: Response): Promise<Answer> {
  const answer: Answer = { text: '', calls: [], finish: undefined };
  let isEnded = false;
  try {
    for await (const data of eventsOf(response)) {
      isEnded = data === '[DONE]';
      if (isEnded) break;
      const { delta = {}, finish_reason } = JSON.parse(data).choices[0] ?? {};
      answer.text += delta.content ?? '';
      answer.finish = finish_reason ?? answer.finish;
      for (const { index, id, function: part = {} } of delta.tool_calls ?? []) {
        const isLate = !answer.calls[index] && id === undefined;
        if (isLate && DEFECT !== 'late-beginning-put-together') throw new Error('a piece of an unknown call');
        answer.calls[index] ??= { id, name: part.name, arguments: '' };
        answer.calls[index].id ??= id;
        answer.calls[index].name ??= part.name;
        answer.calls[index].arguments += part.arguments ?? '';
      }
    }
  } catch (error) {
    if (DEFECT !== 'truncated-by-the-connection-and-repaired') throw error;
    return { ...answer, finish: 'tool_calls' };
  }
  if (!isEnded) throw new Error('the stream broke off');
  if (DEFECT === 'tool-runs-in-the-stream-and-after-it') {
    for (const call of answer.calls) await execute({ ...call, id: randomUUID() }, 'tool_calls', new Set());
  }
  return answer;
}

async function* eventsOf({ body }: Response): AsyncGenerator<string> {
  let text = '';
  for await (const chunk of (body as ReadableStream<Uint8Array>).pipeThrough(new TextDecoderStream())) {
    const events = (text + chunk).split('\n\n');
    text = events.pop() ?? '';
    for (const event of events) yield event.replace(/^data: /, '');
  }
}

/** Closes what truncated JSON leaves open, as some clients do. */
function repaired(text: string): string {
  for (const end of ['', '}', '"}', 'null}', ':null}', '":null}', '{}']) {
    const json = text.replace(/,\s*$/, '') + end;
    if (isJson(json)) return json;
  }
  return text;
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

const REPAIRS = ['truncated-arguments-repaired', 'truncated-by-the-connection-and-repaired'];

/** Returns the arguments of a call. Throws if they are not an order. */
function orderIn(text: string): object {
  if (DEFECT === 'empty-arguments-are-an-object' && text === '') return {};
  const written = DEFECT === 'malformed-arguments-repaired' ? text.replaceAll("'", '"').replace(/,\}$/, '}') : text;
  const isRepaired = REPAIRS.includes(DEFECT ?? '');
  const order = JSON.parse(isRepaired ? repaired(written) : written);
  const isOrder = typeof order?.item === 'string' && Number.isInteger(order.quantity);
  if (isRepaired ? typeof order !== 'object' || order === null : !isOrder) throw new Error('the arguments are invalid');
  return order;
}

let shared: object = {};

/** Executes a call. Returns its result for the model. */
async function execute(call: Call, finish: string | undefined, done: Set<string>): Promise<string> {
  try {
    const isKnown = call.name === TOOL || (DEFECT === 'unknown-tool-runs-the-nearest' && TOOL.startsWith(call.name));
    if (!isKnown) {
      if (DEFECT === 'unknown-tool-told-as-done') return '{"status":"placed"}';
      throw new Error(`there is no tool ${call.name}`);
    }
    if (finish !== 'tool_calls' && !REPAIRS.includes(DEFECT ?? '')) throw new Error('the call is truncated');
    const order = orderIn(call.arguments);
    const isDouble = done.has(call.id);
    if (isDouble && DEFECT !== 'doubled-call-runs-twice') throw new Error('the call was made already');
    done.add(call.id);
    shared = order;
    await Promise.resolve();
    return await placeOrder(
      isDouble ? `${call.id}-again` : call.id,
      DEFECT === 'parallel-calls-share-arguments' ? shared : order,
    );
  } catch (error) {
    return `Error: ${(error as Error).message}`;
  }
}

async function placeOrder(key: string, order: object): Promise<string> {
  let failure: unknown;
  for (let attempt = 0; attempt < 2; attempt += 1) {
    const own = DEFECT === 'retry-with-a-new-key' ? `${key}-${attempt}` : key;
    const headers: Record<string, string> = DEFECT === 'retry-without-a-key' ? {} : { 'idempotency-key': own };
    try {
      const response = await post(`${SHOP_URL}/orders`, order, headers, 1_000);
      if (!response.ok) throw new Error(`the shop answered ${response.status}`);
      return await response.text();
    } catch (error) {
      failure = error;
      if (DEFECT === 'failed-tool-told-as-done') return '{"status":"placed"}';
    }
  }
  throw failure;
}

async function answerTo(question: string, stream: boolean): Promise<string> {
  const messages: object[] = [{ role: 'user', content: question }];
  const done = new Set<string>();
  const made: Call[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const { text, calls, finish } = await askModel(messages, stream);
    if (calls.length === 0) {
      if (finish !== 'stop') throw new Error('the answer is incomplete');
      if (DEFECT === 'tool-runs-again-before-the-answer')
        for (const call of made) await execute({ ...call, id: randomUUID() }, 'tool_calls', new Set());
      return text;
    }
    if (DEFECT === 'broken-call-dropped' && calls.some((call) => !isJson(call.arguments))) return text;
    made.push(...calls);
    messages.push({
      role: 'assistant',
      content: text || null,
      tool_calls: calls.map(({ id, ...call }) => ({ id, type: 'function', function: call })),
    });
    const [first] = calls;
    const results = await Promise.all(
      calls.map((call) => {
        if (DEFECT === 'only-the-first-call-runs' && call !== first) return '{"status":"placed"}';
        return execute(call, finish, done);
      }),
    );
    for (const [index, content] of results.entries())
      messages.push({ role: 'tool', tool_call_id: calls[index]?.id, content });
  }
  throw new Error('too many rounds');
}

const server = createServer(async (request, response) => {
  if (request.url === '/health') return response.end('{}');
  try {
    const { question } = (await json(request)) as { question: string };
    const answer = await answerTo(question, request.url === '/chat');
    response.setHeader('content-type', 'application/json').end(JSON.stringify({ answer }));
  } catch (error) {
    console.log((error as Error).message);
    response.writeHead(502, { 'content-type': 'application/json' }).end('{"error":"there is no answer"}');
  }
});
await once(server.listen(Number(PORT), '127.0.0.1'), 'listening');
process.once('SIGTERM', () => {
  server.close();
  server.closeIdleConnections();
});
