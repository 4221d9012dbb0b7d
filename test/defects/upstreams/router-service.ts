/** A service that calls another LLM if the first one fails (see router.ts). The argument is a defect, if any. */
import { createServer, type ServerResponse } from 'node:http';
import { SimpleBreaker } from './simple-breaker.ts';

const { PORT, LLM_URL, BACKUP_URL, TIMEOUT_MS = '500' } = process.env;
const [, , DEFECT] = process.argv;

const THRESHOLD = 3;
const RECOVERY_MS = DEFECT === 'returns-to-the-first-late' ? 4_000 : 1_000;
/** The codes with which providers say that a model is retired. */
const RETIRED = ['model_not_found', 'model_decommissioned'];

/** How long a failed trial opens the breaker, by defect. */
const REOPENED_MS: Readonly<Record<string, number>> = {
  'failed-trial-forgotten-behind-the-fallback': 0,
  'reopens-half-as-long-behind-the-fallback': RECOVERY_MS / 2,
};

const guarding = new SimpleBreaker(THRESHOLD, RECOVERY_MS, REOPENED_MS[DEFECT ?? '']);
const first = { url: LLM_URL, model: 'openai/gpt-oss-20b', breaker: guarding };
const second = { url: BACKUP_URL, model: 'gpt-5.6-luna', breaker: new SimpleBreaker(THRESHOLD, RECOVERY_MS) };
if (DEFECT === 'one-breaker-for-both-models') second.breaker = first.breaker;

if (DEFECT === 'every-call-is-a-trial-behind-the-fallback') first.breaker.begin = () => {};

type Upstream = typeof first;

class Failure extends Error {
  /** The status for the caller. */
  readonly status: number;
  /** Whether another upstream may do better, and whether the failure counts for the breaker. */
  readonly movesOn: boolean;
  readonly counts: boolean;

  constructor(status: number, movesOn: boolean, counts = movesOn) {
    super(`the LLM failed: ${status}`);
    this.status = status;
    this.movesOn = movesOn;
    this.counts = counts;
  }
}

function failureFor(error: unknown): Failure {
  if (error instanceof Failure) return error;
  if (error instanceof SyntaxError) return new Failure(502, DEFECT !== 'broken-answer-ends-the-call');
  return new Failure(504, DEFECT !== 'fallback-only-after-a-status');
}

function failureWith(status: number, body: string): Failure {
  const isRetired = RETIRED.some((code) => body.includes(code));
  if (isRetired) return new Failure(502, true, DEFECT === 'retired-model-counted');
  if (status === 429 || status >= 500) return new Failure(502, true);
  return new Failure(status, DEFECT === 'bad-request-moved-on', DEFECT === 'errors-of-callers-counted');
}

async function complete({ url, model }: Upstream, gone: AbortSignal): Promise<string> {
  const isEndless = DEFECT === 'no-timeout-of-the-second-model' && url === BACKUP_URL;
  const response = await fetch(`${url}/chat/completions`, {
    method: 'POST',
    headers: { authorization: 'Bearer gsk_router', 'content-type': 'application/json' },
    body: JSON.stringify({ model, messages: [{ role: 'user', content: 'hello' }] }),
    signal: isEndless ? gone : AbortSignal.any([gone, AbortSignal.timeout(Number(TIMEOUT_MS))]),
  });
  const body = await response.text();
  if (!response.ok) throw failureWith(response.status, body);
  const { choices, error } = JSON.parse(body);
  if (error) throw new Failure(502, true);
  return choices[0].message.content;
}

async function guard(upstream: Upstream, gone: AbortSignal): Promise<string> {
  const { breaker } = upstream;
  breaker.begin();
  try {
    const text = await complete(upstream, gone);
    if (DEFECT !== 'one-breaker-for-both-models' || upstream === first) breaker.succeed();
    return text;
  } catch (error) {
    const failure = failureFor(error);
    const isCounted = failure.counts && !gone.aborted && DEFECT !== 'failures-behind-a-fallback-not-counted';
    if (isCounted) breaker.fail();
    else breaker.forget();
    throw failure;
  }
}

let order = [first, second];

/** Calls one upstream after another until one of them works. */
async function chat(answer: ServerResponse): Promise<void> {
  const left = new AbortController();
  answer.once('close', () => left.abort());
  if (DEFECT === 'both-models-called-at-once') complete(second, left.signal).catch(() => {});
  let failure = new Failure(502, true);
  for (const upstream of order.filter(({ breaker }) => breaker.admits())) {
    try {
      const goesOn = upstream === second && DEFECT === 'moves-on-for-nobody';
      const text = await guard(upstream, goesOn ? new AbortController().signal : left.signal);
      const model = DEFECT === 'asked-model-told' ? first.model : upstream.model;
      answer.writeHead(200, DEFECT === 'no-model-told' ? {} : { 'x-model': model }).end(text);
      return;
    } catch (error) {
      failure = failureFor(error);
      if (!failure.movesOn) break;
      if (DEFECT === 'stays-with-the-second-model') order = [second];
    }
  }
  if (DEFECT === 'answer-made-up-if-all-fail' && failure.movesOn) answer.writeHead(200).end('All is well.');
  else answer.writeHead(failure.status).end();
}

const server = createServer(async ({ url }, answer) => {
  if (url === '/chat') await chat(answer);
  else answer.writeHead(url === '/health' ? 200 : 404).end();
});
server.listen(Number(PORT), '127.0.0.1');
process.once('SIGTERM', () => process.exit());
