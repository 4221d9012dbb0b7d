/**
 * An example service that answers questions using an LLM. It uses only node:http, to show that proofload requires no
 * framework and nothing from the reference service. `proofload.yaml` is its contract.
 */
import { createServer } from 'node:http';
import pg from 'pg';
import { breaker, Refused } from './breaker.mjs';
import { limiter } from './limiter.mjs';

const { env } = process;
const number = (name) => {
  const value = Number(env[name]);
  if (Number.isFinite(value)) return value;
  throw new Error(`${name}=${env[name]}: a number is needed`);
};

if ((env.APP_KEY ?? '').length < 32) {
  console.error('APP_KEY is too weak: it needs 32 characters or more');
  process.exit(78);
}

const pool = new pg.Pool({
  connectionString: env.DATABASE_URL,
  max: number('POOL_MAX'),
  connectionTimeoutMillis: number('POOL_WAIT_MS'),
});
pool.on('error', () => {});
await pool.query('CREATE TABLE IF NOT EXISTS answers (id serial PRIMARY KEY, question text, answer text)');

const askLlm = breaker(number('BREAKER_FAILURES'), number('BREAKER_REST_MS'));
const limits = {
  'POST /ask': limiter(number('ASK_LIMIT'), number('WINDOW_MS')),
  'GET /answers': limiter(number('READ_LIMIT'), number('WINDOW_MS')),
};
const routes = { 'POST /ask': ask, 'GET /answers': readAnswers, 'GET /healthz': async () => [200, { ok: true }] };

const server = createServer(async (request, response) => {
  const route = `${request.method} ${request.url.split('?')[0]}`;
  const [status, body] = await answer(route, request).catch(explain);
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
});

async function answer(route, request) {
  const admits = limits[route];
  if (admits && !admits(request.socket.remoteAddress)) return [429, { error: 'too many requests' }];
  const serve = routes[route];
  return serve ? serve(request) : [404, { error: 'not found' }];
}

async function ask(request) {
  const question = questionIn(await textOf(request));
  if (question === undefined) return [400, { error: 'a JSON object with a question is needed' }];
  const reply = await askLlm(() => complete(question));
  await pool.query('INSERT INTO answers (question, answer) VALUES ($1, $2)', [question, reply]);
  return [200, { answer: reply }];
}

async function readAnswers() {
  return [200, (await pool.query('SELECT question, answer FROM answers ORDER BY id DESC LIMIT 5')).rows];
}

async function complete(question) {
  const response = await fetch(`${env.LLM_URL}/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${env.LLM_KEY}` },
    body: JSON.stringify({ model: 'openai/gpt-oss-120b', messages: [{ role: 'user', content: question }] }),
    signal: AbortSignal.timeout(number('LLM_TIMEOUT_MS')),
  });
  if (!response.ok) throw new Error(`the LLM answered ${response.status}`);
  return (await response.json()).choices[0].message.content;
}

function questionIn(text) {
  try {
    return JSON.parse(text).question;
  } catch {
    return undefined;
  }
}

async function textOf(request) {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

function explain(error) {
  if (error instanceof Refused) return [503, { error: error.message }];
  const isDatabase = error instanceof pg.DatabaseError || /connect|Connection terminated/.test(error.message);
  return isDatabase ? [503, { error: 'no database' }] : [502, { error: 'the LLM failed' }];
}

server.listen(number('PORT'), '127.0.0.1');
process.on('SIGTERM', () => server.close(() => pool.end().then(() => process.exit(0))));
