/**
 * An example service: Fastify with two circuit breakers (cockatiel), the `openai` client, a payment API, and rate
 * limits that are counted in Redis. `proofload.yaml` is its contract.
 */
import rateLimit from '@fastify/rate-limit';
import { BrokenCircuitError, ConsecutiveBreaker, circuitBreaker, handleAll } from 'cockatiel';
import Fastify from 'fastify';
import { Redis } from 'ioredis';
import OpenAI from 'openai';

const { env } = process;
const timeoutMs = Number(env.UPSTREAM_TIMEOUT_MS);

const newBreaker = (name) => {
  const halfOpenAfter = Number(env.BREAKER_REST_MS);
  const breaker = circuitBreaker(handleAll, {
    halfOpenAfter,
    breaker: new ConsecutiveBreaker(Number(env.BREAKER_FAILURES)),
  });
  breaker.onBreak(() => console.log(`breaker ${name} is open`));
  breaker.onHalfOpen(() => console.log(`breaker ${name} is half-open`));
  breaker.onReset(() => console.log(`breaker ${name} is closed`));
  return breaker;
};
const openaiBreaker = newBreaker('openai');
const paymentsBreaker = newBreaker('payments');

// Retries behind a breaker would multiply the calls during an outage.
const openai = new OpenAI({ apiKey: env.OPENAI_API_KEY, baseURL: env.OPENAI_BASE_URL, maxRetries: 0 });

/** Each call has its own timeout, which also covers the body. */
const complete = (question) =>
  openaiBreaker.execute(async () => {
    const completion = await openai.chat.completions.create(
      { model: 'gpt-5.6-luna', messages: [{ role: 'user', content: question }] },
      { signal: AbortSignal.timeout(timeoutMs) },
    );
    return completion.choices[0].message.content;
  });

const charge = (amount) =>
  paymentsBreaker.execute(async () => {
    const response = await fetch(`${env.PAYMENTS_URL}/v1/charges`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${env.PAYMENTS_KEY}` },
      body: JSON.stringify({ amount, currency: 'eur' }),
      signal: AbortSignal.timeout(timeoutMs),
    });
    if (!response.ok) throw new Error(`the payment API answered ${response.status}`);
    const { id } = await response.json();
    return id;
  });

const app = Fastify();
const redis = new Redis(env.REDIS_URL);
await app.register(rateLimit, { global: false, redis, nameSpace: `${env.LIMITS_PREFIX}-` });
const limited = (max) => ({ rateLimit: { max: Number(max), timeWindow: Number(env.WINDOW_MS) } });

const text = (name) => ({ type: 'object', required: [name], properties: { [name]: { type: 'string' } } });
const number = (name) => ({ type: 'object', required: [name], properties: { [name]: { type: 'integer' } } });

app.post('/ask', { config: limited(env.ASK_LIMIT), schema: { body: text('question') } }, async ({ body }) => ({
  answer: await complete(body.question),
}));

app.post(
  '/orders',
  { config: limited(env.ORDER_LIMIT), schema: { body: number('amount') } },
  async ({ body }, reply) => {
    const payment = await charge(body.amount);
    return reply.code(201).send({ payment });
  },
);

app.get('/health', async () => ({ ok: true }));

app.setErrorHandler((error, _, reply) => {
  if (error instanceof BrokenCircuitError) return reply.code(503).send({ error: 'the upstream is not asked now' });
  const isRefused = error.validation || error.statusCode === 429;
  return reply.code(isRefused ? error.statusCode : 502).send({ error: error.message });
});

await app.listen({ host: '127.0.0.1', port: Number(env.PORT) });
process.on('SIGTERM', async () => {
  await app.close();
  redis.disconnect();
});
