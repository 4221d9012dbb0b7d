/** A service that stores answers of an LLM API: see notes.ts. The argument is a defect. Without it, it is correct. */
import { createServer, type IncomingMessage } from 'node:http';
import { text as textOf } from 'node:stream/consumers';
import pg from 'pg';

const { PORT, LLM_URL, DATABASE_URL } = process.env;
const [, , DEFECT] = process.argv;
const TIMEOUT_MS = 500;

const database = new pg.Pool({ connectionString: DATABASE_URL, max: 4 });
database.on('error', () => {});
await database.query('CREATE TABLE IF NOT EXISTS notes (text text NOT NULL, answer text)');

/** Returns the answer of the LLM API to a text. */
async function answerTo(text: string): Promise<string> {
  const response = await fetch(`${LLM_URL}/chat/completions`, {
    method: 'POST',
    headers: { authorization: 'Bearer gsk_test', 'content-type': 'application/json' },
    body: JSON.stringify({ model: 'openai/gpt-oss-20b', messages: [{ role: 'user', content: text }] }),
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  if (!response.ok) throw new Error(`the LLM API failed: ${response.status}`);
  const { choices } = (await response.json()) as { choices: { message: { content: string } }[] };
  const content = choices[0]?.message.content;
  if (content === undefined) throw new Error('the LLM API sent no answer');
  return content;
}

const store = (text: string, answer: string | null) =>
  database.query('INSERT INTO notes (text, answer) VALUES ($1, $2)', [text, answer]);

async function note(request: IncomingMessage): Promise<[status: number, body: string]> {
  const { text } = JSON.parse(await textOf(request)) as { text: string };
  const isFirst = DEFECT === 'row-written-before-the-call';
  if (isFirst) await store(text, null);
  try {
    const answer = await answerTo(text);
    if (!isFirst) await store(text, answer);
    return [201, answer];
  } catch (error) {
    const isLate = error instanceof Error && error.name === 'TimeoutError';
    if (isLate && DEFECT === 'row-kept-after-a-timeout') await store(text, null);
    return [isLate ? 504 : 502, 'no answer'];
  }
}

const server = createServer(async (request, response) => {
  if (request.url === '/health') return response.end();
  const [status, body] = await note(request).catch((): [number, string] => [503, 'not stored']);
  response.writeHead(status, { 'content-type': 'text/plain' }).end(body);
});
server.listen(Number(PORT), '127.0.0.1');
process.once('SIGTERM', () => process.exit());
