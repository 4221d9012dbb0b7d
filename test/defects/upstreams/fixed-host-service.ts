/**
 * A service that calls an LLM API at an address that no setting changes (see fixed-host.ts). The argument is a defect,
 * if any.
 */
import { createServer, type ServerResponse } from 'node:http';
import { SimpleBreaker } from './simple-breaker.ts';

const { PORT, GROQ_API_KEY } = process.env;
const [, , DEFECT] = process.argv;

const URL = 'https://api.groq.com/openai/v1/chat/completions';
const TIMEOUT_MS = 500;

if (DEFECT === 'certificate-not-verified-behind-a-proxy') process.env.NODE_TLS_REJECT_UNAUTHORIZED = '0';

const breaker = new SimpleBreaker(3, 1_000);
if (DEFECT === 'never-opens-behind-a-proxy') breaker.fail = () => {};

const call = (url: string): Promise<Response> =>
  fetch(url, {
    method: 'POST',
    headers: { authorization: `Bearer ${GROQ_API_KEY}`, 'content-type': 'application/json' },
    body: JSON.stringify({ model: 'openai/gpt-oss-20b', messages: [{ role: 'user', content: 'hello' }] }),
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });

async function complete(): Promise<string> {
  const response = await call(URL);
  if (!response.ok) throw new Error(`the LLM answered with ${response.status}`);
  const { choices } = (await response.json()) as { choices: { message: { content: string } }[] };
  return choices[0]?.message.content ?? '';
}

async function ask(answer: ServerResponse): Promise<void> {
  if (!breaker.admits()) {
    answer.writeHead(503).end();
    return;
  }
  breaker.begin();
  try {
    const text = await complete();
    breaker.succeed();
    answer.writeHead(200).end(text);
  } catch (error) {
    breaker.fail();
    if (DEFECT === 'plain-text-after-a-failure-behind-a-proxy')
      await call(URL.replace('https:', 'http:')).catch(() => {});
    answer.writeHead((error as Error).name === 'TimeoutError' ? 504 : 502).end();
  }
}

const server = createServer(async ({ url }, answer) => {
  if (url === '/ask') await ask(answer);
  else answer.writeHead(url === '/health' ? 200 : 404).end();
});
server.listen(Number(PORT), '127.0.0.1');
process.once('SIGTERM', () => process.exit());
