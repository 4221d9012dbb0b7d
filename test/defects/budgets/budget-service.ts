/**
 * A gateway with a budget, in front of one LLM and another one that serves calls if the first fails. The argument is a
 * defect. Without it, the service is correct.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { inMemory, inPostgres } from './budget-store.ts';

const {
  PORT,
  MAIN_URL,
  BACKUP_URL,
  DATABASE_URL,
  MAX = 'Infinity',
  SECONDS,
  FOR,
  OF = 'tokens',
  CLOCK_OFFSET = '0',
} = process.env;
const [, , DEFECT] = process.argv;

const DAY_MS = 86_400_000;
const MOST_OUTPUT = 100;
const OUTPUT_PRICE = 4;
const now = (): number => Date.now() + Number(CLOCK_OFFSET) * 1_000;

const isShared = DEFECT !== 'budget-of-each-process' && DEFECT !== 'spent-only-in-memory';
const stored = DATABASE_URL === undefined ? undefined : await inPostgres(DATABASE_URL);
const store = stored !== undefined && isShared ? stored : inMemory(now);
/** What a process has used is stored, but each compares only its own. */
const noted = DEFECT === 'budget-of-each-process' ? stored : undefined;

/** Returns when the budget of a caller who comes now begins anew. */
function endOfTime(): number {
  if (DEFECT === 'budget-never-begins-anew' || DEFECT === 'day-never-ends') return Number.POSITIVE_INFINITY;
  if (DEFECT === 'day-of-a-second') return now() + 1_000;
  if (SECONDS === 'day') return (Math.floor(now() / DAY_MS) + 1) * DAY_MS;
  if (SECONDS === undefined) return Number.POSITIVE_INFINITY;
  return now() + Number(SECONDS) * (DEFECT === 'budget-begins-anew-early' ? 700 : 1_000);
}

interface Usage {
  readonly prompt_tokens: number;
  readonly completion_tokens: number;
}

function amountOf({ prompt_tokens: input, completion_tokens: output }: Usage): number {
  if (OF === 'calls') return 1;
  if (OF === 'money')
    return (input + (DEFECT === 'price-of-input-for-all' ? output : OUTPUT_PRICE * output)) / 1_000_000;
  return DEFECT === 'only-output-counted' ? output : input + output;
}

/** The tokens of a question, as the fake counts them. */
const inputOf = (messages: object[]): number => Math.ceil(JSON.stringify([messages, []]).length / 4);

/** What is reserved for a call until its usage is known. */
class Reservation {
  readonly #caller: string;
  readonly #amount: number;
  #isOver = false;

  constructor(caller: string, amount: number) {
    this.#caller = caller;
    this.#amount = amount;
  }

  async settle(usage: Usage): Promise<void> {
    if (this.#isOver) return;
    this.#isOver = true;
    if (DEFECT === 'count-overwritten') return overwrite(this.#caller, amountOf(usage), -this.#amount);
    await store.add(this.#caller, amountOf(usage), -this.#amount);
    await noted?.add(this.#caller, amountOf(usage), 0);
    if (DEFECT === 'usage-counted-twice') await store.add(this.#caller, amountOf(usage), 0);
  }

  async giveBack(): Promise<void> {
    if (this.#isOver || DEFECT === 'reservations-of-failed-calls-kept') return;
    this.#isOver = true;
    await store.add(this.#caller, 0, DEFECT === 'reservations-given-back-twice' ? -2 * this.#amount : -this.#amount);
  }
}

/** Reads the count, and writes it a moment later. */
async function overwrite(caller: string, amount: number, reserved: number): Promise<void> {
  const before = await store.used(caller);
  await new Promise((resolve) => setTimeout(resolve, 20));
  await store.add(caller, before + amount - (await store.used(caller)), reserved);
}

const max = Number(MAX) + (DEFECT === 'budget-larger-than-promised' ? 1_000 : 0);

/** Reserves what a call may use, or returns undefined if the budget does not allow it. */
async function reserve(caller: string, most: Usage): Promise<Reservation | undefined> {
  const isRacing = DEFECT === 'compared-but-not-reserved';
  const amount = isRacing ? 0 : amountOf(most);
  const isFree = isRacing && (await store.used(caller)) < max;
  const isAllowed = await store.reserve(caller, amount, isFree ? Number.POSITIVE_INFINITY : max, endOfTime());
  return isAllowed ? new Reservation(caller, amount) : undefined;
}

async function complete(messages: object[], stream: boolean, signal: AbortSignal) {
  for (const url of [MAIN_URL, BACKUP_URL]) {
    const response = await fetch(`${url}/v1/chat/completions`, {
      method: 'POST',
      headers: { authorization: 'Bearer sk-budgets', 'content-type': 'application/json' },
      body: JSON.stringify({
        model: 'gpt-5.6-luna',
        messages,
        max_completion_tokens: MOST_OUTPUT,
        ...(stream && {
          stream,
          ...(DEFECT !== 'usage-of-streams-not-requested' && { stream_options: { include_usage: true } }),
        }),
      }),
      signal,
    });
    if (response.ok) return { response, isBackup: url === BACKUP_URL };
    await response.text();
  }
  return undefined;
}

const FREE: Usage = { prompt_tokens: 0, completion_tokens: 0 };

async function ask(messages: object[], reservation: Reservation, signal: AbortSignal): Promise<[number, string]> {
  const answered = await complete(messages, false, signal);
  if (!answered) return [502, ''];
  const { usage, choices } = JSON.parse(await answered.response.text());
  await reservation.settle(DEFECT === 'fallback-not-charged' && answered.isBackup ? FREE : usage);
  return [200, JSON.stringify({ answer: choices[0].message.content })];
}

async function chat(
  messages: object[],
  reservation: Reservation,
  signal: AbortSignal,
  outgoing: ServerResponse,
): Promise<void> {
  const answered = await complete(messages, true, signal);
  if (!answered?.response.body) {
    outgoing.writeHead(502).end();
    return;
  }
  outgoing.writeHead(200, { 'content-type': 'text/event-stream' });
  let usage: Usage | undefined;
  let output = 0;
  let rest = '';
  const isFree = DEFECT === 'streams-not-charged';
  try {
    for await (const piece of answered.response.body.pipeThrough(new TextDecoderStream())) {
      outgoing.write(piece);
      const lines = (rest + piece).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines.filter((text) => text.startsWith('data: {'))) {
        const event = JSON.parse(line.slice(6));
        if (event.choices[0]?.delta.content) output += 1;
        usage = event.usage ?? usage;
      }
    }
    if (usage) await reservation.settle(isFree ? FREE : usage);
    outgoing.end();
  } finally {
    if (DEFECT !== 'abandoned-streams-not-charged' && DEFECT !== 'usage-of-streams-not-requested')
      await reservation.settle(isFree ? FREE : { prompt_tokens: inputOf(messages), completion_tokens: output });
  }
}

const REFUSAL = DEFECT === 'refused-with-another-status' ? 403 : 429;

async function serve(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
  const body = await text(incoming);
  const caller = FOR === 'all' || DEFECT === 'one-budget-for-all' ? 'all' : String(incoming.headers['x-team']);
  if (incoming.url === '/health') return void outgoing.end();
  if (incoming.url === '/usage') return void outgoing.end(`spent_total{team="x"} ${await store.used(caller)}\n`);
  const question = questionIn(body);
  if (question === undefined) {
    if (DEFECT === 'rejected-requests-charged')
      await store.add(caller, amountOf({ prompt_tokens: 40, completion_tokens: 0 }), 0);
    return void outgoing.writeHead(400).end();
  }
  const messages = [{ role: 'user', content: question }];
  const gone = new AbortController();
  outgoing.once('close', () => outgoing.writableFinished || gone.abort());
  if (DEFECT === 'compared-after-the-call') await complete(messages, false, gone.signal);
  const most = { prompt_tokens: inputOf(messages), completion_tokens: MOST_OUTPUT };
  const reservation = await reserve(caller, most);
  if (!reservation) return void outgoing.writeHead(REFUSAL).end();
  try {
    if (incoming.url === '/chat') return await chat(messages, reservation, gone.signal, outgoing);
    const [status, answer] = await ask(messages, reservation, gone.signal);
    outgoing.writeHead(status).end(answer);
  } finally {
    await reservation.giveBack();
  }
}

function questionIn(body: string): string | undefined {
  try {
    const { question } = JSON.parse(body);
    return typeof question === 'string' ? question : undefined;
  } catch {
    return undefined;
  }
}

createServer((incoming, outgoing) => {
  serve(incoming, outgoing).catch(() => (outgoing.headersSent ? outgoing.end() : outgoing.writeHead(502).end()));
}).listen(Number(PORT), '127.0.0.1');
