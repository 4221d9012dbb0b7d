import { CHANNEL_POSITIONS, markWord } from '../../../faults/marks/marks.ts';
import type { RequestReceipt } from '../../history/events.ts';
import type { Finding } from '../../verdict/finding.ts';
import { lengthOf, type Part, VECTORS, type Word } from './got.ts';

type Texts = NonNullable<Finding['texts']>;
type Piece = Texts['got'][number];

/** A word of an answer, as its fake has written it. */
const textOf = ({ receipt, channel, position }: Word): string =>
  channel === VECTORS
    ? `vector ${position} of receipt ${receipt.seq},`
    : markWord(receipt.seq, channel * CHANNEL_POSITIONS + (position % CHANNEL_POSITIONS));

/** Returns all words of an answer's channels. */
const wordsOfAll = (receipt: RequestReceipt, channels: readonly number[]): Word[] =>
  channels.flatMap((channel) =>
    Array.from({ length: lengthOf(receipt, channel) }, (_, position) => ({ receipt, channel, position })),
  );

/**
 * Returns the words of an answer and those that a response shows at one place, side by side. Words that are in one of
 * them only, or elsewhere in the other, differ.
 */
export function compare(own: RequestReceipt | undefined, part: Part): Texts {
  const channels = [...new Set(part.words.flatMap(({ receipt, channel }) => (receipt === own ? [channel] : [])))];
  const expected = own ? wordsOfAll(own, channels.length > 0 ? channels : channelsOf(part)).map(textOf) : [];
  const got = part.words.map(textOf);
  const common = longestCommon(expected, got);
  return { expected: piecesOf(expected, common.first), got: piecesOf(got, common.second) };
}

/** Returns the channels that another answer has at a place. The own answer would have them there as well. */
const channelsOf = ({ words }: Part): number[] =>
  words.length === 0 ? [0] : [...new Set(words.map(({ channel }) => channel))];

/** Joins words to pieces that are the same as in the other text, or differ. */
function piecesOf(words: readonly string[], same: ReadonlySet<number>): Piece[] {
  const pieces: { text: string; differs?: true }[] = [];
  for (const [index, word] of words.entries()) {
    const last = pieces.at(-1);
    const differs = !same.has(index);
    if (last && (last.differs ?? false) === differs) last.text += ` ${word}`;
    else pieces.push({ text: word, ...(differs && { differs }) });
  }
  return pieces;
}

/** Most words to compare. A longer text has too many pairs. */
const MOST = 400;

/** Returns the indexes of the longest sequence of words that both have in the same order. */
function longestCommon(first: readonly string[], second: readonly string[]) {
  const [a, b] = [first.slice(0, MOST), second.slice(0, MOST)];
  const lengths = Array.from({ length: a.length + 1 }, () => new Array<number>(b.length + 1).fill(0));
  const at = (i: number, j: number): number => lengths[i]?.[j] ?? 0;
  for (let i = a.length - 1; i >= 0; i -= 1) {
    for (let j = b.length - 1; j >= 0; j -= 1) {
      const row = lengths[i] as number[];
      row[j] = a[i] === b[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
    }
  }
  const common = { first: new Set<number>(), second: new Set<number>() };
  for (let [i, j] = [0, 0]; i < a.length && j < b.length; ) {
    if (a[i] === b[j]) {
      common.first.add(i);
      common.second.add(j);
      i += 1;
      j += 1;
    } else if (at(i + 1, j) >= at(i, j + 1)) i += 1;
    else j += 1;
  }
  return common;
}
