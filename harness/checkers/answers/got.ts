import { ANSWERS, CHANNEL_POSITIONS, markWord } from '../../../faults/marks/marks.ts';
import { entryOf } from '../../base/entry-of.ts';
import { DATABASE } from '../../contract/uses-postgres.ts';
import type { RequestReceipt, RequestSample, ShownAnswer } from '../../history/events.ts';
import type { History } from '../../history/history.ts';
import { isPastTheService } from '../../history/past-the-service.ts';
import type { Facts } from '../lib/checker.ts';

/** A word of an upstream's answer in a response. */
export interface Word {
  readonly receipt: RequestReceipt;
  readonly channel: number;
  /** Its place in the channel, starting at 0. */
  readonly position: number;
}

/** The words at one place of a response, in their order. */
export interface Part {
  /** Empty if it is the whole body. */
  readonly path: string;
  readonly words: readonly Word[];
  /** What is left of broken words, by the letters with which they begin. */
  readonly broken: ReadonlyMap<string, Broken>;
}

/** The number of broken words, and of pieces of their text that come twice, and how many characters it has. */
export interface Broken {
  readonly words: number;
  readonly twice: number;
  readonly length: number;
}

/** A response that was searched for words of answers. */
export interface Got {
  readonly call: RequestSample;
  readonly answer: ShownAnswer;
  readonly endpoint: string;
  readonly parts: readonly Part[];
}

/** The channel of the vectors of an answer. They have positions as words do. */
export const VECTORS = -1;

/** Returns how many words, or vectors, a channel of an answer has. */
export const lengthOf = ({ answer }: RequestReceipt, channel: number): number =>
  (channel === VECTORS ? answer?.vectors : answer?.words[channel]) ?? 0;

/** A request that an upstream's fake answered with words. */
export type Answered = RequestReceipt & { readonly answer: NonNullable<RequestReceipt['answer']> };

const isAnswered = (receipt: RequestReceipt): receipt is Answered => receipt.answer !== undefined;

/** Returns the receipts of the service's requests that were answered with words, in the order of arrival. */
export const answeredIn = (history: History): Answered[] =>
  history
    .all('receipt')
    .flatMap((receipt) =>
      receipt.kind === 'request' && receipt.upstream !== DATABASE && !isPastTheService(receipt) && isAnswered(receipt)
        ? [receipt]
        : [],
    );

/** Reads the words of a text at a path, as a history notes them. `until` is when the text was seen. */
type ReadWords = (path: string, text: string, until: number) => Part;

/** Returns a function that reads the words of texts in a history. */
export function readerOf(history: History): ReadWords {
  const receipts = Map.groupBy(answeredIn(history), ({ seq }) => seq % ANSWERS);
  // Numbers start again after 16,384 answers. The latest one that can be in this text is meant.
  return (path, text, until) => partOf(path, text, (number) => receipts.get(number)?.findLast(({ at }) => at <= until));
}

/** Returns the responses that show words of answers, or that have shown them before, in the order of their requests. */
export function gotIn(history: History): Got[] {
  const read = readerOf(history);
  return history.all('request').flatMap((call): Got[] => {
    const { answer } = call;
    if (answer === undefined) return [];
    const parts = Object.entries(answer.parts).map(([path, text]) => read(path, text, call.at + call.ms));
    return [{ call, answer, endpoint: call.tags.endpoint ?? '', parts }];
  });
}

function partOf(path: string, text: string, find: (number: number) => Answered | undefined): Part {
  const words: Word[] = [];
  const broken = new Map<string, Broken>();
  for (const group of text.split(' ').filter(Boolean)) {
    const [of = '', runs = ''] = group.split(':');
    if (of.startsWith('~')) {
      const [count = 0, twice = 0, size = 0] = runs.split(/[+/]/).map(Number);
      broken.set(of.slice(1), { words: count, twice, length: size });
      continue;
    }
    const [number, text = '0'] = of.split('.');
    const channel = text === 'v' ? VECTORS : Number(text);
    const receipt = find(Number(number));
    if (receipt === undefined) continue;
    const length = lengthOf(receipt, channel);
    for (const run of runs.split(',')) {
      const [from = 0, to = from] = run.split('-').map(Number);
      for (let place = from; place <= to; place += 1) {
        const position = positionOf(place, length, words.at(-1), { receipt, channel });
        // A word of the service's own may look like one of an answer by chance.
        if (position < length) words.push({ receipt, channel, position });
      }
    }
  }
  return { path, words, broken };
}

/** Positions start again after 128 words. In a longer text, the one that is nearest to the word before is meant. */
function positionOf(
  place: number,
  length: number,
  before: Word | undefined,
  { receipt, channel }: Pick<Word, 'receipt' | 'channel'>,
): number {
  if (channel === VECTORS || length <= CHANNEL_POSITIONS) return place;
  const last = before?.receipt === receipt && before.channel === channel ? before.position : -1;
  const rounds = Math.round((last + 1 - place) / CHANNEL_POSITIONS);
  return place + Math.max(0, rounds) * CHANNEL_POSITIONS;
}

/** Whether a response is one that the contract lists as served. */
export const isServed = (
  { contract: { endpoints } }: Facts,
  { endpoint, call: { status } }: Pick<Got, 'endpoint' | 'call'>,
): boolean => entryOf(endpoints, endpoint)?.served.includes(status) === true;

/** Returns the letters with which all words of an answer begin. */
export const beginningOf = ({ seq }: Pick<RequestReceipt, 'seq'>): string => markWord(seq, 0).slice(0, 4);

/** Returns the words of one answer and channel at a place, in their order. */
export const wordsOf = (part: Part, { seq }: RequestReceipt, channel?: number): Word[] =>
  part.words.filter((word) => word.receipt.seq === seq && (channel === undefined || word.channel === channel));

/** Returns the answers whose words are at a place, in the order of their first words. */
export const receiptsAt = (part: Part): RequestReceipt[] => [...new Set(part.words.map(({ receipt }) => receipt))];

/** Names a place of a response for people. */
export const placeOf = ({ path }: Pick<Part, 'path'>): string => (path === '' ? 'the body' : path);

/** Describes positions as ranges: `words 0–3, 7 and 9–12`. */
export function rangesOf(positions: readonly number[], channel = 0): string {
  const noun = channel === VECTORS ? 'vector' : 'word';
  const runs: [number, number][] = [];
  for (const position of positions) {
    const run = runs.at(-1);
    if (run && run[1] + 1 === position) run[1] = position;
    else runs.push([position, position]);
  }
  const texts = runs.map(([from, to]) => (from === to ? String(from) : `${from}–${to}`));
  const listed = [texts.slice(0, -1).join(', '), texts.at(-1)].filter(Boolean).join(' and ');
  return `${positions.length === 1 ? noun : `${noun}s`} ${listed}`;
}
