/**
 * A gateway that answers with the answers of LLMs (see relay.ts): whole, as streams, from a cache and as it has stored
 * them. The argument is a defect. Without it, the service is correct.
 */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Piece } from './relay-pieces.ts';
import { type Answer, type Begun, begin, callTools, complete, Refused } from './relay-upstreams.ts';

const { PORT, CACHE_SECONDS = '0', CALLER_HEADER = 'x-tenant' } = process.env;
const [, , DEFECT] = process.argv;

/** The number of requests in progress from which on a service is under load. */
const BUSY = 8;
/** The number of pieces that one defect sends together, and another one twice. They are several words. */
const BATCH = 12;
/** The number of bytes that wait for a slow caller from which on one defect drops pieces. */
const FULL = 500_000;

const BROKEN = 'event: error\ndata: {"error":"the answer broke off"}\n\n';
const asEvent = (data: object): string => `data: ${JSON.stringify(data)}\n\n`;

/** A request of a caller. */
interface Question {
  readonly caller: string;
  readonly text: string;
  /** Aborted when the caller leaves, so that upstream calls end. */
  readonly gone: AbortSignal;
  hasLeft(): boolean;
}

/** What was sent to a caller. */
interface Entry {
  readonly status: number;
  readonly body: string;
  readonly until: number;
}

const cache = new Map<string, Entry>();
const stored = new Map<string, string>();
let busy = 0;
let before: Answer | undefined;
let current: Answer | undefined;
let callerBefore: string | undefined;
/** The pieces that the last caller who left did not get. */
let left: readonly Piece[] = [];

const inProgress = new Map<string, Promise<Answer>>();

/** Makes one call for all callers who send the same question at the same time. */
function merged(text: string): Promise<Answer> {
  const known = inProgress.get(text);
  if (known) return known;
  const begun = complete(text, new AbortController().signal).finally(() => inProgress.delete(text));
  inProgress.set(text, begun);
  return begun;
}

async function ask({ caller, text, gone }: Question): Promise<object> {
  const answer = await (DEFECT === 'answer-to-the-same-question' ? merged(text) : complete(text, gone));
  const owner = DEFECT === 'stored-for-another-caller' ? (callerBefore ?? caller) : caller;
  stored.set(owner, answer.text);
  callerBefore = caller;
  current = answer;
  if (DEFECT === 'answers-in-a-shared-buffer') await sleep(5);
  const own = DEFECT === 'answers-in-a-shared-buffer' ? current : answer;
  const sent = DEFECT === 'answer-of-the-call-before' ? (before ?? own) : own;
  before = answer;
  return { answer: sent.text, usage: sent.usage, model: sent.model };
}

/** Sends the pieces of an answer as they come. */
async function chat(question: Question, send: (event: string) => void): Promise<void> {
  let last: Piece | undefined;
  let late = Promise.resolve();
  let waiting: string[] = [];
  const events: string[] = [];
  const flush = () => waiting.splice(0).forEach(send);
  for await (const piece of piecesFor(question)) {
    if (piece.usage) last = piece;
    if (piece.text === '') continue;
    const nth = events.push(asEvent({ text: piece.text }));
    waiting.push(...events.slice(-1));
    if (DEFECT === 'pieces-doubled-under-load' && busy > BUSY && nth % BATCH === 0)
      waiting.push(...events.slice(-BATCH));
    if (DEFECT === 'pieces-collected') continue;
    if (DEFECT === 'last-pieces-dropped-at-close' && waiting.length < BATCH) continue;
    if (DEFECT === 'order-changed-under-load' && busy > BUSY && nth % 2 === 0) {
      const behind = waiting;
      waiting = [];
      late = sleep(15).then(() => behind.forEach(send));
    } else flush();
  }
  await late;
  if (DEFECT !== 'last-pieces-dropped-at-close') flush();
  send(asEvent({ usage: last?.usage, model: last?.model }));
  send('data: [DONE]\n\n');
}

async function* piecesFor({ text, gone, hasLeft }: Question): AsyncGenerator<Piece> {
  const { first, rest } = await begin(text, gone);
  if (DEFECT === 'rest-of-an-abandoned-answer-kept') {
    yield* left;
    left = [];
  }
  const unsent: Piece[] = [];
  try {
    yield first;
    for await (const piece of rest) {
      if (hasLeft()) unsent.push(piece);
      yield piece;
    }
    if (unsent.length > 0) left = unsent;
  } catch (error) {
    if (DEFECT === 'answer-begun-again-after-it-broke-off') yield* again(await begin(text, gone));
    else throw error;
  }
}

async function* again({ first, rest }: Begun): AsyncGenerator<Piece> {
  yield first;
  yield* rest;
}

/** Answers a request with a stream. Failures after its beginning are told in it. */
async function stream(question: Question, answer: ServerResponse): Promise<void> {
  const key = keyOf(question);
  const known = entryOf(key);
  if (known) return sendEntry(known, answer, 'text/event-stream');
  let body = '';
  let isWhole = true;
  const send = (event: string) => {
    const isFull = answer.writableLength > FULL;
    if (DEFECT === 'pieces-dropped-for-slow-readers' && isFull && event.startsWith('data: {"text"')) return;
    if (!answer.headersSent) answer.writeHead(200, { 'content-type': 'text/event-stream' });
    body += event;
    answer.write(event);
  };
  try {
    await chat(question, send);
  } catch (error) {
    if (!answer.headersSent) throw error;
    isWhole = false;
    answer.write(BROKEN);
    if (DEFECT === 'another-answer-after-an-error')
      await chat(question, (event) => answer.write(event)).catch(() => {});
  }
  answer.end();
  if (isWhole || DEFECT === 'broken-stream-cached') keep(key, 200, isWhole ? body : `${body}data: [DONE]\n\n`);
}

const keyOf = ({ caller, text }: Question): string =>
  DEFECT?.startsWith('cache-without-the-') ? text : JSON.stringify([caller, text]);

function keep(key: string, status: number, body: string): void {
  const factor = DEFECT === 'entry-kept-too-long' ? 60 : 1;
  cache.set(key, { status, body, until: Date.now() + Number(CACHE_SECONDS) * 1_000 * factor });
}

function entryOf(key: string): Entry | undefined {
  const entry = cache.get(key);
  if (!entry || entry.until <= Date.now()) return undefined;
  if (DEFECT === 'entry-prolonged-by-each-use') keep(key, entry.status, entry.body);
  return entry;
}

const sendEntry = ({ status, body }: Entry, answer: ServerResponse, type = 'application/json'): void =>
  void answer.writeHead(status, { 'content-type': type }).end(body);

async function json(key: string, answer: ServerResponse, act: () => Promise<object>): Promise<void> {
  const entry = entryOf(key) ?? { status: 200, body: JSON.stringify(await act()), until: 0 };
  if (entry.until === 0) keep(key, entry.status, entry.body);
  sendEntry(entry, answer);
}

async function serve(request: IncomingMessage, answer: ServerResponse): Promise<void> {
  const { url = '', headers } = request;
  if (url === '/health') return sendEntry({ status: 200, body: '{}', until: 0 }, answer);
  const leaving = new AbortController();
  const hasLeft = () => answer.destroyed && !answer.writableFinished;
  answer.once('close', () => {
    if (hasLeft() && DEFECT !== 'rest-of-an-abandoned-answer-kept') leaving.abort();
  });
  const caller = String(headers[CALLER_HEADER] ?? request.socket.remoteAddress);
  const body = (await request.toArray()).join('');
  const { question: text = '' } = body === '' ? {} : JSON.parse(body);
  const question = { caller, text, gone: leaving.signal, hasLeft };
  const key = `${url} ${keyOf(question)}`;
  try {
    if (url === '/chat') await stream(question, answer);
    else if (url === '/ask') await json(key, answer, () => ask(question));
    else if (url === '/tools') await json(key, answer, async () => ({ calls: await callTools(text, question.gone) }));
    else if (url === '/last')
      sendEntry({ status: 200, body: JSON.stringify({ last: stored.get(caller) }), until: 0 }, answer);
    else answer.writeHead(404).end();
  } catch (error) {
    const status = error instanceof Refused ? 400 : 502;
    if (DEFECT === 'failure-cached') keep(key, status, '{"error":"no LLM has answered"}');
    sendEntry({ status, body: '{"error":"no LLM has answered"}', until: 0 }, answer);
  }
}

const server = createServer((request, answer) => {
  busy += 1;
  serve(request, answer)
    .catch(() => answer.destroy())
    .finally(() => {
      busy -= 1;
    });
});
server.listen(Number(PORT), '127.0.0.1');
await once(process, 'SIGTERM');
process.exit();
