import { marksIn } from '../../../faults/marks/marks.ts';
import { textsIn } from '../../../faults/marks/texts-in.ts';
import { writeMarks } from '../../../faults/marks/write-marks.ts';
import { type Exchange, type WireAnswer, withBody } from '../../wire/exchange.ts';

/** Changes the pieces of an answer. Returns undefined if it can't. */
export type Change = (pieces: readonly string[]) => string[] | undefined;

/** A body that is split at the pieces of an answer: what comes before, the pieces, and what comes after. */
interface Split {
  readonly before: string;
  readonly pieces: readonly string[];
  readonly after: string;
}

/** The least number of pieces that can be told from a whole answer and from its ends. */
const ENOUGH = 5;

/** Returns a response with other pieces of the answer that it shows, or undefined if it shows none. */
export function changePieces(answer: WireAnswer, { header }: Exchange, change: Change): WireAnswer | undefined {
  const [body, type] = [String(answer.body), header('content-type') ?? ''];
  if (header('content-encoding') !== undefined) return undefined;
  const split = /^text\/event-stream|ndjson|jsonl/i.test(type) ? splitStream(body, type) : splitText(body);
  if (split === undefined || split.pieces.length < ENOUGH) return undefined;
  const pieces = change(split.pieces);
  return pieces && withBody(answer, split.before + pieces.join('') + split.after);
}

/** Whether a response shows words of an answer. */
export const showsWords = (answer: WireAnswer, { header }: Exchange): boolean =>
  wordsAt(String(answer.body), header('content-type') ?? '') !== undefined;

/** Returns the first path of a body that shows words, and which. */
export function wordsAt(body: string, type: string): readonly [path: string, marks: string] | undefined {
  const written = [...textsIn(body, type).byPath].map(([path, text]) => [path, writeMarks(text)] as const);
  return written.find(([, marks]) => /^\d/.test(marks));
}

/** Splits a stream at the events that have a piece of the answer. */
function splitStream(body: string, type: string): Split | undefined {
  const [path] = wordsAt(body, type) ?? [];
  if (path === undefined) return undefined;
  const events = /event-stream/i.test(type) ? body.split(/(?<=\r?\n\r?\n)/) : body.split(/(?<=\n)/);
  const has = (event: string): boolean => (textsIn(event, type).byPath.get(path) ?? '') !== '';
  const [first, last] = [events.findIndex(has), events.findLastIndex(has)];
  return {
    before: events.slice(0, first).join(''),
    pieces: events.slice(first, last + 1),
    after: events.slice(last + 1).join(''),
  };
}

/** Splits a text at its words, up to the end of the string that they are in. */
function splitText(body: string): Split | undefined {
  const starts = marksIn(body).map(({ index }) => index);
  const [from] = starts;
  if (from === undefined) return undefined;
  const end = body.slice(from).search(/["<\n]|\\[n"]/);
  const until = end < 0 ? body.length : from + end;
  const within = starts.filter((start) => start < until);
  return {
    before: body.slice(0, from),
    pieces: within.map((start, index) => body.slice(start, within[index + 1] ?? until)),
    after: body.slice(until),
  };
}
