import type { RefinedResponse, ResponseType } from 'k6/http';
import { Counter } from 'k6/metrics';
import { isLikeStream, type Texts, textsIn } from '../../faults/marks/texts-in.ts';
import { mayHaveMarks, writeMarks, writeVectors } from '../../faults/marks/write-marks.ts';
import { credentialIndex } from '../../harness/callers/compose-call.ts';
import { type Composed, fill } from '../../harness/callers/compose-request.ts';
import { clientName, numbersOf } from './caller.ts';
import { context, find } from './context.ts';
import { remembered } from './remembered.ts';
import { formatOf, isComplete, tellsError } from './streams.ts';
import { withMetadata } from './trace.ts';

/** One sample for each response with words of answers. Its metadata says which: see `answer` in history/events.ts. */
const answers = new Counter('answers');

/** The endpoints whose responses have had such words. Their other responses are noted, too. */
const showing = new Set<string>();

/** Longer bodies are not searched. A stream with the fault `flood` is longer. */
const MOST_CHARACTERS = 900_000;

type Answer = RefinedResponse<ResponseType | undefined>;

/** A call: the name of its endpoint, its request, the value of its `${unique}`, and the number of another client. */
interface Called {
  readonly name: string;
  readonly request: Composed;
  readonly unique: string;
  readonly trace: string;
  readonly client: number | undefined;
}

/** Notes which words of upstreams' answers a response has, and returns the response. */
export function noteAnswer(response: Answer, called: Called): Answer {
  const { status, body } = response;
  const isRedirect = status >= 300 && status < 400;
  if (status !== 0 && !isRedirect && typeof body === 'string') note(response, body, called);
  return response;
}

function note(response: Answer, body: string, { name, request, unique, trace, client }: Called): void {
  const isPromised = find(context.endpoints, name).served.includes(response.status);
  const type = response.headers['Content-Type'] ?? '';
  const mayShow = isLikeStream(body, type) || (isPromised && showing.has(name)) || mayHaveMarks(body);
  if (!mayShow) return;
  const isSearched = body.length <= MOST_CHARACTERS;
  const { texts, parts } = isSearched ? partsOf(body, type, name) : { parts: {} };
  const isShown = Object.keys(parts).length > 0;
  if (isShown) showing.add(name);
  if (isSearched && !isShown && !(isPromised && showing.has(name))) return;
  const answer = {
    parts,
    ...(isSearched ? endOf(response, name) : { unread: true }),
    ...(JSON.stringify(request).includes(unique) && { unique }),
    ...callerOf(name, unique, client),
    ...(texts && aboutOf(texts, find(context.endpoints, name).answers !== undefined)),
    ...(LIMITED.test(body) && { limited: true }),
  };
  withMetadata({ trace_id: trace, answer: JSON.stringify(answer) }, () => answers.add(1));
}

/** Returns the texts of a body, and which words of answers each of them has. */
const partsOf = remembered((body, type: string, _endpoint: string) => {
  const texts = textsIn(body, type);
  return { texts, parts: marksOf(texts) };
});

/** Words of an answer from the first on, without a gap, as `writeMarks` writes them. */
const FROM_THE_FIRST = /^\d+(?:\.\w+)?:0(?:-\d+)?$/;

/** Whether a response shows an answer from its first word on, without a gap, and its caller is told of no failure. */
export function showsWhole(name: string, response: Answer): boolean {
  const { status, headers, body } = response;
  if (!find(context.endpoints, name).served.includes(status) || endOf(response, name).ends !== undefined) return false;
  const groups = Object.values(marksOf(textsIn(String(body), headers['Content-Type'] ?? ''))).flatMap((marks) =>
    marks.split(' '),
  );
  return groups.length > 0 && groups.every((group) => FROM_THE_FIRST.test(group));
}

function marksOf({ byPath, vectors, isStream }: Texts): Record<string, string> {
  const written = [
    ...[...byPath].map(([path, text]) => [path, writeMarks(text, isStream)] as const),
    ...[...vectors].map(([path, marks]) => [path, writeVectors(marks)] as const),
  ];
  return Object.fromEntries(written.filter(([, marks]) => marks !== ''));
}

/**
 * Returns the tokens that a response reports, and whether it is a stream. Its model is needed only if the contract says
 * how answers show: see harness/checkers/answers/one-answer.ts.
 */
const aboutOf = ({ usage: { input, output }, model, isStream }: Texts, isPromised: boolean) => ({
  ...((input ?? output) !== undefined && { usage: [input ?? null, output ?? null] }),
  ...(isPromised && model !== undefined && { model }),
  ...(isStream && { stream: true }),
});

/** How responses say that a limit of their length has cut them, in the APIs of LLM providers, also as JSON in a string. */
const LIMITED = /reason\\*":\s?\\*"(?:length|max_\w*tokens)/i;

/** What ends a complete stream in the APIs of LLM providers. */
const TERMINAL = /\[DONE\]|"message_stop"|"response\.completed"|"done":\s?true|"finish_?reason":\s?"(?:stop|length)"/i;

/** The endpoints whose streams end so, although the contract does not describe them. */
const terminated = new Set<string>();

/** Returns how a response ended, if its caller was told that something is missing. */
function endOf(response: Answer, name: string): { ends?: 'cut' | 'error' } {
  const { stream } = find(context.endpoints, name);
  if (tellsError(response, stream?.error)) return { ends: 'error' };
  if (stream) return formatOf(response) === stream.format && !isComplete(response, stream) ? { ends: 'cut' } : {};
  if (formatOf(response) === undefined) return {};
  if (TERMINAL.test(String(response.body))) terminated.add(name);
  else if (terminated.has(name)) return { ends: 'cut' };
  return {};
}

/**
 * Returns by what the service can tell this caller from others, unless `${unique}` is in it: then each call has another
 * one, and its unique text says which.
 */
function callerOf(name: string, unique: string, client: number | undefined): { caller?: string } {
  const endpoint = find(context.endpoints, name);
  const { user, authenticated } = endpoint;
  const own = clientName(client);
  if (user !== undefined) {
    const caller = fill(user, { unique, client: own });
    return caller.includes(unique) ? {} : { caller };
  }
  if (typeof context.client === 'object' || JSON.stringify(endpoint).includes('${client}')) return { caller: own };
  return authenticated ? { caller: `key ${credentialIndex(context.client, numbersOf(client))}` } : {};
}
