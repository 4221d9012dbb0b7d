import { type Piece, piecesOf, type Usage } from './relay-pieces.ts';

const { LLM_URL, BACKUP_URL } = process.env;
const [, , DEFECT] = process.argv;

/** Each upstream gets two attempts. */
const ATTEMPTS = [LLM_URL, LLM_URL, BACKUP_URL, BACKUP_URL];
const PATIENCE_MS = 3_000;

const TOOLS = {
  tools: [{ type: 'function', function: { name: 'note', parameters: parametersOf('text') } }],
  tool_choice: 'required',
  n: 2,
};

function parametersOf(field: string) {
  return { type: 'object', properties: { [field]: { type: 'string', minLength: 40 } }, required: [field] };
}

/** A whole answer, and what it has cost. */
export interface Answer {
  readonly text: string;
  readonly usage: Usage;
  readonly model: string;
}

/** A streamed answer that has begun. */
export interface Begun {
  readonly first: Piece;
  readonly rest: AsyncGenerator<Piece>;
}

/** The upstream says that the request is wrong. No other attempt would be better. */
export class Refused extends Error {}

async function send(url: string | undefined, body: object, signal: AbortSignal): Promise<Response> {
  const response = await fetch(`${url}/chat/completions`, {
    method: 'POST',
    headers: { authorization: 'Bearer sk-relay', 'content-type': 'application/json' },
    body: JSON.stringify({ model: url === BACKUP_URL ? 'gpt-4.1' : 'gpt-5.6-luna', ...body }),
    signal,
  });
  if (response.ok) return response;
  await response.text();
  throw response.status < 500 && response.status !== 429 ? new Refused() : new Error(`${response.status}`);
}

/** Makes attempts until one succeeds. `act` gets the number of each. */
async function attempt<Result>(gone: AbortSignal, act: (url: string | undefined, nth: number) => Promise<Result>) {
  let failure: unknown;
  for (const [nth, url] of ATTEMPTS.entries()) {
    try {
      return await act(url, nth);
    } catch (error) {
      failure = error;
      if (gone.aborted || error instanceof Refused) break;
    }
  }
  throw failure;
}

const messagesFor = (question: string) => ({ messages: [{ role: 'user', content: question }] });

let usageBefore: Usage | undefined;

/** Returns a whole answer. */
export async function complete(question: string, gone: AbortSignal): Promise<Answer> {
  let begun = '';
  return attempt(gone, async (url, nth) => {
    const limit = AbortSignal.any([gone, AbortSignal.timeout(PATIENCE_MS)]);
    const body = await read(await send(url, messagesFor(question), limit), (text) => {
      if (DEFECT === 'attempt-spliced-to-the-one-before') begun = text;
    });
    const { choices, usage, model } = body;
    const counted = DEFECT === 'usage-of-another-attempt' && nth > 0 ? (usageBefore ?? usage) : usage;
    usageBefore = usage;
    return { text: begun + choices[0].message.content, usage: counted, model };
  });
}

/** Returns the JSON of a response. If it breaks off, `onText` gets the beginning of its text. */
async function read({ body }: Response, onText: (text: string) => void) {
  const decoder = new TextDecoder();
  let text = '';
  try {
    for await (const chunk of body ?? []) text += decoder.decode(chunk, { stream: true });
    const parsed = JSON.parse(text);
    if (parsed.error) throw new Error('the LLM failed');
    return parsed;
  } catch (error) {
    onText(/"content":"([^"]*)/.exec(text)?.[1] ?? '');
    throw error;
  }
}

/** Returns a stream whose first piece has arrived. */
export const begin = (question: string, gone: AbortSignal): Promise<Begun> =>
  attempt(gone, async (url, nth) => {
    const rest = await open(url, { ...messagesFor(question), stream_options: { include_usage: true } }, gone);
    const first = await rest.next();
    if (first.done) throw new Error('the answer is empty');
    if (DEFECT !== 'first-piece-dropped-after-a-retry' || nth === 0) return { first: first.value, rest };
    return { first: (await rest.next()).value as Piece, rest };
  });

async function open(url: string | undefined, body: object, gone: AbortSignal): Promise<AsyncGenerator<Piece>> {
  const limit = new AbortController();
  const timer = setTimeout(() => limit.abort(), PATIENCE_MS);
  const response = await send(url, { ...body, stream: true }, AbortSignal.any([gone, limit.signal]));
  return (async function* () {
    try {
      for await (const piece of piecesOf(response, DEFECT)) {
        timer.refresh();
        yield piece;
      }
    } finally {
      clearTimeout(timer);
    }
  })();
}

let shared: string[] = [];

/** Returns the arguments of two tool calls. */
export const callTools = (question: string, gone: AbortSignal): Promise<string[]> =>
  attempt(gone, async (url) => {
    if (DEFECT !== 'arguments-of-two-callers-mixed') shared = [];
    const calls: string[] = shared;
    for await (const { text, choice } of await open(url, { ...messagesFor(question), ...TOOLS }, gone)) {
      calls[choice] = `${calls[choice] ?? ''}${text}`;
    }
    shared = [];
    return calls;
  });
