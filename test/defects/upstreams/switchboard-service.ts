/** A service with a limited number of concurrent calls (see switchboard.ts). The argument is a defect, if any. */
import { once } from 'node:events';
import { Agent, createServer, request } from 'node:http';
import { text } from 'node:stream/consumers';

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
    if (this.#busy >= LINES && !(await this.#turn())) return false;
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
        this.#waiting.delete(mine);
        resolve(isMine);
      };
      const mine = () => end(true);
      this.#waiting.add(mine);
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

async function callUpstream(): Promise<number> {
  calls += 1;
  if (DEFECT === 'client-made-anew-for-each-call') agent = new Agent({ keepAlive: true });
  if (DEFECT === 'connection-given-up-after-3-calls' && calls % 3 === 0) agent = new Agent({ keepAlive: true });
  const call = request(`${LLM_URL}/chat/completions`, {
    agent,
    method: 'POST',
    headers: { authorization: 'Bearer gsk_switchboard', 'content-type': 'application/json' },
  });
  call.end(JSON.stringify({ model: 'openai/gpt-oss-20b', messages: [{ role: 'user', content: 'hello' }] }));
  const [response] = await once(call, 'response');
  await text(response);
  return response.statusCode;
}

/** Returns the status of an answer. */
async function answer(path: string): Promise<number> {
  const limit = limitOf(path);
  if (!(await limit.enter())) return 503;
  try {
    return await callUpstream();
  } catch {
    return 502;
  } finally {
    limit.leave();
  }
}

const server = createServer(async ({ url = '' }, response) => {
  const isCall = url === '/ask' || url === '/summarize';
  response.writeHead(isCall ? await answer(url) : url === '/health' ? 200 : 404).end();
});
server.listen(Number(PORT), '127.0.0.1');
process.once('SIGTERM', () => process.exit());
