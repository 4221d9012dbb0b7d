/** A service with a limited number of concurrent calls (see switchboard.ts). The argument is a defect, if any. */
import { once } from 'node:events';
import { Agent, createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';

const { PORT, LLM_URL } = process.env;
const [, , DEFECT] = process.argv;

const LINES = DEFECT === 'one-call-at-a-time' ? 1 : DEFECT === 'calls-not-limited' ? Number.POSITIVE_INFINITY : 2;
const QUEUE_MS = DEFECT === 'queue-given-up-late' ? 4_000 : 1_000;

/** A limit on concurrent calls. Callers who get no turn in time are refused. */
class Limit {
  #busy = 0;
  readonly #waiting = new Set<() => void>();

  /** Waits for a turn. Returns whether there was one in time. */
  async enter(): Promise<boolean> {
    if (this.#busy >= LINES) {
      if (!(await this.#turn())) return false;
      if (DEFECT === 'turn-passed-on-and-given-back') return true;
    }
    this.#busy += 1;
    return true;
  }

  leave(): void {
    this.#busy -= 1;
    const [next] = this.#waiting;
    next?.();
  }

  #turn(): Promise<boolean> {
    return new Promise((resolve) => {
      const end = (isMine: boolean) => {
        this.#waiting.delete(endWaiting);
        resolve(isMine);
      };
      const endWaiting = () => end(true);
      this.#waiting.add(endWaiting);
      if (DEFECT !== 'queue-without-timeout') setTimeout(() => end(false), QUEUE_MS);
    });
  }
}

const shared = new Limit();
const limits = new Map<string, Limit>();

/** Returns the limit for an endpoint, which all of them share. */
function limitOf(path: string): Limit {
  if (DEFECT !== 'limit-for-each-endpoint') return shared;
  const limit = limits.get(path) ?? new Limit();
  limits.set(path, limit);
  return limit;
}

let agent = new Agent({ keepAlive: DEFECT !== 'connections-not-kept' });
let calls = 0;

async function callUpstream(stream: boolean): Promise<IncomingMessage> {
  calls += 1;
  if (DEFECT === 'client-made-anew-for-each-call') agent = new Agent({ keepAlive: true });
  if (DEFECT === 'connection-given-up-after-3-calls' && calls % 3 === 0) agent = new Agent({ keepAlive: true });
  const call = request(`${LLM_URL}/chat/completions`, {
    agent,
    method: 'POST',
    headers: { authorization: 'Bearer gsk_switchboard', 'content-type': 'application/json' },
  });
  const body = { model: 'openai/gpt-oss-20b', messages: [{ role: 'user', content: 'hello' }], stream };
  call.end(JSON.stringify(body));
  const [response] = await once(call, 'response');
  return response;
}

/** Passes a stream on. Some defects give the turn back too early, and others keep the stream in memory. */
async function passOn(stream: IncomingMessage, answer: ServerResponse, leave: () => void): Promise<void> {
  if (DEFECT === 'stream-collected-before-it-is-passed-on') return void answer.end(await text(stream));
  answer.writeHead(stream.statusCode ?? 502, { 'content-type': stream.headers['content-type'] });
  if (DEFECT === 'turn-ends-with-the-headers') leave();
  if (DEFECT === 'turn-ends-with-the-first-event') stream.once('data', leave);
  if (DEFECT !== 'stream-written-without-waiting') return pipeline(stream, untilDone, answer);
  for await (const chunk of untilDone(stream)) answer.write(chunk);
  answer.end();
}

/** Passes chunks on. Throws if the last event is missing. */
async function* untilDone(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let end = '';
  for await (const chunk of chunks) {
    end = (end + chunk).slice(-20);
    yield chunk;
  }
  if (!end.includes('[DONE]')) throw new Error('the stream ended too early');
}

/** Answers when it is the caller's turn, which ends with the call to the upstream. */
async function answer(path: string, response: ServerResponse): Promise<void> {
  const limit = limitOf(path);
  if (!(await limit.enter())) return void response.writeHead(503).end();
  let isMine = true;
  const leave = () => {
    if (isMine) limit.leave();
    isMine = false;
  };
  try {
    const called = await callUpstream(path === '/chat');
    if (path === '/chat') return await passOn(called, response, leave);
    await text(called);
    response.writeHead(called.statusCode ?? 502).end();
  } catch {
    if (DEFECT === 'turn-kept-after-a-failure') isMine = false;
    if (response.headersSent) response.destroy();
    else response.writeHead(502).end();
  } finally {
    leave();
  }
}

const CALLS = ['/ask', '/summarize', '/chat'];

const server = createServer(async ({ url = '' }, response) => {
  if (CALLS.includes(url)) return answer(url, response);
  response.writeHead(url === '/health' ? 200 : 404).end();
});
server.listen(Number(PORT), '127.0.0.1');
process.once('SIGTERM', () => process.exit());
