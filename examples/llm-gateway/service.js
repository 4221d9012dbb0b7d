/**
 * An example service: a gateway in front of two LLM APIs with the `openai` client. If the main one fails, the backup
 * answers. `proofload.yaml` is its contract.
 */
import { Readable } from 'node:stream';
import Fastify from 'fastify';
import OpenAI from 'openai';
import { Budget } from './budget.js';

const { env } = process;

/** The client repeats a request once if it gets 408, 409, 429, 5xx or no response. */
const newUpstream = (name, baseURL, apiKey) => ({ name, client: new OpenAI({ baseURL, apiKey, maxRetries: 1 }) });
const upstreams = [
  newUpstream('main', env.MAIN_URL, env.MAIN_KEY),
  newUpstream('backup', env.BACKUP_URL, env.BACKUP_KEY),
];

/** The most tokens of an answer, and an estimate of those of the question: there are about four characters in each. */
const MOST_TOKENS = 256;
const tokensIn = (question) => 10 + Math.ceil(question.length / 4);

const request = (question) => ({
  model: 'gpt-5.6-luna',
  messages: [{ role: 'user', content: question }],
  max_completion_tokens: MOST_TOKENS,
});

const budget = new Budget(Number(env.BUDGET_TOKENS ?? Infinity), Number(env.BUDGET_SECONDS ?? 86_400));
/** Reserves as many tokens for a team as a call can use. */
const reserve = ({ headers, body }) => budget.reserve(headers['x-team'] ?? '', tokensIn(body.question) + MOST_TOKENS);

/** Errors that another upstream would answer with as well. */
const isCallersFault = ({ status }) => status === 400 || status === 422;

/** A signal for one upstream call. It fires if the caller leaves, or if nothing has arrived for too long. */
class Patience {
  #controller = new AbortController();
  #timer = setTimeout(() => this.#controller.abort(), Number(env.PATIENCE_MS));

  constructor(left) {
    this.signal = AbortSignal.any([left, this.#controller.signal]);
  }

  renew() {
    this.#timer.refresh();
  }

  end() {
    clearTimeout(this.#timer);
  }
}

/** Calls one upstream after another until one works. */
async function firstThatWorks(left, attempt) {
  let failure;
  for (const upstream of upstreams) {
    const patience = new Patience(left);
    try {
      return { by: upstream.name, answer: await attempt(upstream.client, patience) };
    } catch (error) {
      patience.end();
      failure = error;
      // Messages of upstreams may contain secrets.
      console.log(`${upstream.name} failed: ${error.status ?? error.name}`);
      if (left.aborted || isCallersFault(error)) break;
    }
  }
  throw failure;
}

/** The client's own timeout does not cover the body. The signal does. */
const complete = (question, reserved) => async (client, patience) => {
  const completion = await client.chat.completions.create(request(question), { signal: patience.signal });
  patience.end();
  reserved.use(completion.usage?.total_tokens ?? 0);
  // A 200 may contain an error instead.
  return completion.choices[0].message.content;
};

/** Waits for the first chunk, because another upstream can only be called before anything was sent. */
const begin = (question, reserved) => async (client, patience) => {
  const body = { ...request(question), stream: true, stream_options: { include_usage: true } };
  const stream = await client.chat.completions.create(body, { signal: patience.signal });
  const chunks = stream[Symbol.asyncIterator]();
  const { value: first, done } = await chunks.next();
  if (done) throw new Error('the stream is empty');
  return relay(first, chunks, patience, new Stream(question, reserved));
};

/** Counts the tokens of a stream. The last event has them. If it does not come, there was one in each event. */
class Stream {
  #question;
  #reserved;
  #usage;
  #events = 0;

  constructor(question, reserved) {
    this.#question = question;
    this.#reserved = reserved;
  }

  see({ choices, usage }) {
    if (choices[0]?.delta.content) this.#events += 1;
    this.#usage = usage?.total_tokens ?? this.#usage;
  }

  end() {
    this.#reserved.use(this.#usage ?? tokensIn(this.#question) + this.#events);
    this.#reserved.end();
  }
}

async function* relay(first, chunks, patience, stream) {
  try {
    let isComplete = false;
    for (let chunk = first; chunk; chunk = (await chunks.next()).value) {
      patience.renew();
      stream.see(chunk);
      isComplete ||= Boolean(chunk.choices[0]?.finish_reason);
      yield `data: ${JSON.stringify(chunk)}\n\n`;
    }
    // The client ends a stream that was aborted or ended too early like a complete one.
    yield isComplete ? 'data: [DONE]\n\n' : broken;
  } catch {
    yield broken;
  } finally {
    patience.end();
    stream.end();
  }
}
const broken = 'event: error\ndata: {"error":"the answer broke off"}\n\n';

/** A signal that fires if the caller leaves before the response has ended. */
function leaving({ raw }) {
  const controller = new AbortController();
  raw.on('close', () => raw.writableFinished || controller.abort());
  return controller.signal;
}

const app = Fastify();
const schema = {
  body: { type: 'object', required: ['question'], properties: { question: { type: 'string' } } },
};

app.post('/ask', { schema }, async (incoming, reply) => {
  const reserved = reserve(incoming);
  try {
    const { by, answer } = await firstThatWorks(leaving(reply), complete(incoming.body.question, reserved));
    reply.header('x-llm', by);
    return { answer };
  } finally {
    reserved.end();
  }
});

app.post('/chat', { schema }, async (incoming, reply) => {
  const reserved = reserve(incoming);
  const started = firstThatWorks(leaving(reply), begin(incoming.body.question, reserved));
  const { by, answer } = await started.catch((error) => {
    reserved.end();
    throw error;
  });
  return reply.header('x-llm', by).type('text/event-stream').send(Readable.from(answer));
});

app.get('/usage', async ({ headers }) => ({ tokens: budget.usedBy(headers['x-team'] ?? '') }));

app.get('/health', async () => ({ ok: true }));

app.setErrorHandler((error, _, reply) => {
  if (error.isBudget) return reply.code(429).send({ error: 'the budget of the team is used up' });
  if (error.validation || isCallersFault(error)) return reply.code(400).send({ error: 'the question is not valid' });
  return reply.code(502).send({ error: 'no LLM has answered' });
});

await app.listen({ host: '127.0.0.1', port: Number(env.PORT) });
// Requests in progress are finished.
process.on('SIGTERM', () => app.close());
