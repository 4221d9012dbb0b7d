/**
 * An example service: an agent with the unmodified AI SDK. The model may call one tool, which stores an order in
 * PostgreSQL. `proofload.yaml` is its contract.
 */
import { randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import { createOpenAI } from '@ai-sdk/openai';
import { generateText, isStepCount, streamText, tool } from 'ai';
import Fastify from 'fastify';
import pg from 'pg';
import { z } from 'zod';

const { env } = process;
const model = createOpenAI({ baseURL: env.MODEL_URL, apiKey: env.MODEL_KEY }).chat('gpt-5.6-luna');
const database = new pg.Pool({ connectionString: env.DATABASE_URL, max: 5, connectionTimeoutMillis: 2_000 });
// Without a listener, an idle connection that is lost ends the process.
database.on('error', () => {});

await database.query('CREATE TABLE orders (key text PRIMARY KEY, item text NOT NULL, quantity int NOT NULL)');

/** Stores an order, unless there is one with this key. */
async function store(key, { item, quantity }) {
  const query = 'INSERT INTO orders (key, item, quantity) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING';
  const attempt = () => database.query(query, [key, item, quantity]);
  // A lost connection says nothing about whether the row is stored.
  await attempt().catch(attempt);
}

/**
 * Returns the tools for a question. The same order is stored once for it. The ID of a call is no key, because the SDK
 * gives a call that comes twice in a stream another ID.
 */
function toolsFor() {
  const question = randomUUID();
  return {
    place_order: tool({
      description: 'Places an order',
      inputSchema: z.strictObject({ item: z.string().min(1), quantity: z.int().min(1) }),
      async execute(order) {
        await store(`${question} ${JSON.stringify(order)}`, order);
        return { status: 'placed' };
      },
    }),
  };
}

/** The model answers at most 5 times, also if each answer calls the tool. */
const requestOf = (question) => ({
  model,
  tools: toolsFor(),
  prompt: question,
  stopWhen: isStepCount(5),
  maxRetries: 0,
});

/** An answer that ends with calls or at its limit is not one for the caller. */
const isWhole = (finishReason) => finishReason === 'stop';

const app = Fastify();
const schema = {
  body: { type: 'object', required: ['question'], properties: { question: { type: 'string' } } },
};

app.post('/ask', { schema }, async ({ body }, reply) => {
  const { text, finishReason } = await generateText(requestOf(body.question));
  if (!isWhole(finishReason)) return reply.code(502).send(NO_ANSWER);
  return { answer: text };
});

app.post('/chat', { schema }, async ({ body }, reply) => {
  const events = answerOf(body.question);
  // Once the first event is sent, the status can't say any more that there is no answer.
  const { value: first } = await events.next();
  if (first === BROKEN) return reply.code(502).send(NO_ANSWER);
  return reply.type('text/event-stream').send(Readable.from(withFirst(first, events)));
});

async function* withFirst(first, others) {
  yield first;
  yield* others;
}

const NO_ANSWER = { error: 'the agent did not come to an answer' };
const BROKEN = `event: error\ndata: ${JSON.stringify(NO_ANSWER)}\n\n`;

async function* answerOf(question) {
  let isDone = false;
  // The default handler prints errors, whose messages may contain secrets.
  const { stream } = streamText({ ...requestOf(question), onError: () => {} });
  for await (const part of stream) {
    if (part.type === 'text-delta') yield `data: ${JSON.stringify({ text: part.text })}\n\n`;
    if (part.type === 'finish') isDone = isWhole(part.finishReason);
  }
  yield isDone ? 'data: [DONE]\n\n' : BROKEN;
}

app.get('/health', async () => ({ ok: true }));

app.setErrorHandler((error, _, reply) => {
  if (error.validation) return reply.code(400).send({ error: 'the question is not valid' });
  return reply.code(502).send(NO_ANSWER);
});

await app.listen({ host: '127.0.0.1', port: Number(env.PORT) });
process.on('SIGTERM', async () => {
  await app.close();
  await database.end();
});
