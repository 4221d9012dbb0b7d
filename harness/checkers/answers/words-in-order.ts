import type { RequestReceipt } from '../../history/events.ts';
import type { BuiltInChecker } from '../lib/checker.ts';
import { TURNED, TWICE } from './causes.ts';
import { type Got, type Part, placeOf, rangesOf, receiptsAt, type Word, wordsOf } from './got.ts';
import { missingOf } from './learn.ts';
import { type Defect, ofResponses, type Seen } from './seen.ts';
import { compare } from './texts.ts';

const CHECK = 'answers in order and once';

const MIXED =
  'Pieces of several texts are joined: those of two choices or tool calls must be kept apart by their index.';

/**
 * Checks that the words of an answer come in their order, and each of them once, at each place of a response. In a
 * stream, this is the joined text of all events. A single word that comes twice or too early is a failure, also in the
 * steady state.
 *
 * A response that is no stream may have the whole text several times, and a web page also parts of it: templates do that.
 */
export const wordsInOrder: BuiltInChecker = {
  name: 'words-in-order',
  restsOn: ['own-answers'],
  usually: TWICE,
  fix: 'Pass each piece on as soon as it arrives, by a single handler, and await the write before the next one is read. Discard the output of a failed attempt before you repeat it, or do not repeat it.',
  ...ofResponses({
    check: CHECK,
    expected: 'the words of an answer, each once, in their order',
    except: ['digest'],
    isLooked: (_, { parts }) => parts.some(({ words }) => words.length > 0),
    defectsOf: defectOf,
  }),
};

function defectOf(seen: Seen, got: Got): Defect[] {
  for (const part of got.parts) {
    for (const receipt of receiptsAt(part)) {
      if (seen.belongings.of(got, receipt).is !== 'own' || isQuotedHere(seen, got, receipt)) continue;
      const wrong = disorderOf(got, part, receipt);
      if (wrong)
        return [
          {
            got,
            expected: `the words of receipt ${receipt.seq} once, in order`,
            texts: compare(receipt, part),
            ...wrong,
          },
        ];
    }
  }
  return [];
}

/** A text that was sent to an upstream again may be shown as often as the service likes. */
const isQuotedHere = ({ belongings }: Seen, got: Got, receipt: RequestReceipt): boolean =>
  !belongings.requestsOf(got).receipts.some(({ seq }) => seq === receipt.seq);

function disorderOf(got: Got, part: Part, receipt: RequestReceipt): Pick<Defect, 'observed' | 'usually'> | undefined {
  const words = wordsOf(part, receipt);
  const channels = [...new Set(words.map(({ channel }) => channel))];
  const single = channels.filter(
    (channel) => !areCopies(wordsOf(part, receipt, channel), { got, part, receipt, channel }),
  );
  for (const channel of single) {
    const wrong = wrongIn(wordsOf(part, receipt, channel));
    if (wrong === undefined) continue;
    const { twice, early } = wrong;
    const of = `of receipt ${receipt.seq} in ${placeOf(part)}`;
    if (twice.length > 0) return { observed: `${rangesOf(twice, channel)} ${of} came twice`, usually: TWICE };
    return { observed: `${rangesOf(early, channel)} ${of} came after later ones`, usually: TURNED };
  }
  const between = mixedAt(words.filter(({ channel }) => single.includes(channel)));
  if (between === undefined) return undefined;
  return {
    observed: `words of text ${between.channel} of receipt ${receipt.seq} are between those of its text ${between.of} in ${placeOf(part)}`,
    usually: MIXED,
  };
}

/** The path of a web page's text: see faults/marks/texts-in.ts. */
const PAGE = '<html>';

/** Returns the positions of words that came before, and of words that come after later ones. */
function wrongIn(words: readonly Word[]): { twice: number[]; early: number[] } | undefined {
  const before = new Set<number>();
  const twice: number[] = [];
  const early: number[] = [];
  let last = -1;
  for (const { position } of words) {
    if (before.has(position)) twice.push(position);
    else if (position < last) early.push(position);
    before.add(position);
    last = Math.max(last, position);
  }
  return twice.length + early.length === 0 ? undefined : { twice, early };
}

/** Whether a text that is no stream has copies of an answer, one after another: whole ones, or parts in a web page. */
function areCopies(
  words: readonly Word[],
  { got, part, receipt, channel }: { got: Got; part: Part; receipt: RequestReceipt; channel: number },
): boolean {
  if (got.answer.stream) return false;
  const copies: Word[][] = [];
  for (const word of words) {
    const copy = copies.at(-1);
    if (copy && word.position > (copy.at(-1)?.position ?? -1)) copy.push(word);
    else copies.push([word]);
  }
  if (copies.length < 2) return false;
  if (part.path === PAGE) return true;
  return copies.every((copy) => missingOf(copy, receipt, channel).length === 0);
}

/** Returns a channel whose words are between those of another one. */
function mixedAt(words: readonly Word[]): { channel: number; of: number } | undefined {
  const ended = new Set<number>();
  let last: number | undefined;
  for (const { channel } of words) {
    if (channel === last) continue;
    if (ended.has(channel) && last !== undefined) return { channel: last, of: channel };
    if (last !== undefined) ended.add(last);
    last = channel;
  }
  return undefined;
}
