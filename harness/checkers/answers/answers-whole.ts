import type { RequestReceipt } from '../../history/events.ts';
import type { BuiltInChecker } from '../lib/checker.ts';
import { TURNED, TWICE } from './causes.ts';
import {
  type Answered,
  type Broken,
  beginningOf,
  type Got,
  isServed,
  type Part,
  placeOf,
  rangesOf,
  wordsOf,
} from './got.ts';
import { isSent, keyOf, missingAt, missingOf, type Shows } from './learn.ts';
import { onlyInPart } from './not-judged.ts';
import { type Defect, isOnlyTried, ofResponses, ownAt, promisedOf, type Seen } from './seen.ts';
import { compare } from './texts.ts';

const CHECK = 'answers reach their callers whole';

/** How answers show that may lack words. */
const NOT_WHOLE = ['digest', 'none', 'part'] as const;

const LOST =
  'Pieces of a stream are lost: each chunk of bytes is parsed by itself, although an event or a character may go on in the next one, or a piece is dropped.';
const FIRST = 'The first piece of a stream is read to see whether the upstream works, and is not passed on.';
const LAST = 'The response ends before the last piece is written, or the rest of a buffer is thrown away at the end.';
const CUT = 'An answer that broke off at its upstream is passed on as if it were complete.';

/** Fewer broken words than this may be those at the ends of a text that was cut on purpose. */
const SEVERAL = 2;

/**
 * Checks that no words of an answer are missing. Without a promise, the words between two others must be there, and in a
 * stream all words if most are. How else an answer shows is learnt from calls alone while nothing is broken: a place of
 * the response that has all words then must also have them under load and while upstreams fail, unless the upstream's
 * answer was cut and the caller was told: by a status, by an event with an error, or by an aborted response. This holds
 * for answers that are not longer than those. Responses with a `finish_reason` of `length` or the like are apart.
 */
export const answersWhole: BuiltInChecker = {
  name: 'answers-whole',
  restsOn: ['own-answers', 'words-in-order', 'one-answer', 'streams-tell-failure'],
  usually: LOST,
  fix: 'Decode streams with a decoder that keeps incomplete characters (`new TextDecoder()` with `{ stream: true }`), keep an incomplete line until the next chunk comes, and write all pieces before you end the response.',
  ...ofResponses({
    check: CHECK,
    expected: 'no word of an answer is missing where all of them belong',
    except: NOT_WHOLE,
    isLooked: ({ facts, belongings }, got) =>
      isServed(facts, got) &&
      got.answer.ends === undefined &&
      !isOnlyTried(facts, got) &&
      belongings.requestsOf(got).receipts.length > 0,
    defectsOf: defectOf,
    notes: onlyInPart,
  }),
};

/** Returns what is missing in a response that is served, if anything is. */
export const missingFrom = (seen: Seen, got: Got): Defect[] =>
  NOT_WHOLE.some((as) => as === promisedOf(seen.facts, got.endpoint)?.as) ? [] : defectOf(seen, got);

function defectOf(seen: Seen, got: Got): Defect[] {
  for (const part of got.parts) {
    for (const receipt of ownAt(seen, got, part)) {
      const missing = missingIn(seen, got, part, receipt);
      if (missing)
        return [
          {
            got,
            expected: `all words of receipt ${receipt.seq}`,
            texts: compare(receipt, part),
            ...missing,
            isClear: isClear(missing),
          },
        ];
    }
    const broken = brokenIn(seen, got, part);
    if (broken) return [broken];
  }
  return nothingIn(seen, got);
}

type Missing = Pick<Defect, 'observed' | 'usually'>;

function missingIn(seen: Seen, got: Got, part: Part, receipt: RequestReceipt): Missing | undefined {
  const missing = missingAt(part, receipt);
  if (missing.length === 0) return undefined;
  const shown = wordsOf(part, receipt);
  const said = (usually: string): Missing => ({
    observed: `${rangesOf(missing, shown[0]?.channel)} of receipt ${receipt.seq} ${missing.length === 1 ? 'is' : 'are'} missing in ${placeOf(part)}`,
    usually,
  });
  const sent = isSent(receipt, seen.facts);
  // A fault cuts the end off, but nothing in the middle.
  if (hasGap(part, receipt)) return said(causeOf(part, receipt));
  const isMostThere = got.answer.stream && !got.answer.limited && shown.length > missing.length;
  if (sent && isMostThere && !isElsewhere(got, part, receipt)) return said(usualOf(missing));
  const shows = placeIn(seen, got, part);
  if (shows === undefined) return undefined;
  // Nothing is known of a longer answer than those that were seen whole: its text may be limited.
  if (sent && missing[0] !== 0 && shown.length >= shows.longest) return undefined;
  return said(sent ? usualOf(missing) : CUT);
}

/** Whether a cause says more than that words are missing. */
const isClear = ({ usually }: Missing): boolean => usually !== LOST && usually !== CUT;

const usualOf = (missing: readonly number[]): string => (missing[0] === 0 ? FIRST : LAST);

/** Returns how long answers are at a place that has all of their words: any by contract, or those in the steady state. */
function placeIn({ facts, learned }: Seen, got: Got, part: Part): Pick<Shows, 'longest'> | undefined {
  const as = promisedOf(facts, got.endpoint)?.as;
  if (as === 'whole' || as === 'field') return { longest: Number.POSITIVE_INFINITY };
  const shows = learned.get(got.endpoint)?.places.get(keyOf(got, part));
  return shows?.isWhole ? shows : undefined;
}

/** Whether words are missing between two others of the same channel. */
function hasGap(part: Part, receipt: RequestReceipt): boolean {
  const channels = new Set(wordsOf(part, receipt).map(({ channel }) => channel));
  return [...channels].some((channel) => {
    const words = wordsOf(part, receipt, channel);
    const positions = words.map(({ position }) => position);
    const [from, to] = [Math.min(...positions), Math.max(...positions)];
    return missingOf(words, receipt, channel).some((position) => position > from && position < to);
  });
}

/** Whether another place of the response has all words of an answer that are missing at this one. */
const isElsewhere = (got: Got, part: Part, receipt: RequestReceipt): boolean =>
  got.parts.some(
    (other) => other !== part && wordsOf(other, receipt).length > 0 && missingAt(other, receipt).length === 0,
  );

const brokenOf = ({ broken }: Part, receipt: RequestReceipt): Broken =>
  broken.get(beginningOf(receipt)) ?? { words: 0, twice: 0, length: 0 };

/** Whether words are broken because pieces come twice. If some are lost, others may happen to be the same. */
const isTwice = ({ words, twice }: Broken): boolean => words >= SEVERAL && twice >= SEVERAL && twice >= words / 2;

/** The number of characters in a token of a fake: see mocks/llm/tokens.ts. */
const TOKEN = 4;

/** Says whether pieces are lost, or break words because they come twice or in another order. */
function causeOf(part: Part, receipt: RequestReceipt): string {
  const broken = brokenOf(part, receipt);
  if (isTwice(broken)) return TWICE;
  const { usage, answer } = receipt;
  const isAlone = answer?.words.length === 1 && usage !== undefined && broken.words >= SEVERAL;
  return isAlone && Math.abs(broken.length - usage[1] * TOKEN) < TOKEN ? TURNED : LOST;
}

/** Finds a text of which (almost) no word is whole. Parts of a text that are cut on purpose also have broken words. */
function brokenIn(seen: Seen, got: Got, part: Part): Defect | undefined {
  const receipt = seen.belongings.requestsOf(got).receipts.findLast((own) => {
    const [whole, broken] = [wordsOf(part, own).length, brokenOf(part, own).words];
    if (whole > 0 && missingAt(part, own).length === 0) return false;
    return broken >= SEVERAL && (got.answer.stream === true || broken > Math.max(whole, SEVERAL));
  });
  if (receipt === undefined) return undefined;
  const broken = brokenOf(part, receipt);
  const twice = !isTwice(broken) ? '' : `, and ${broken.twice} pieces come twice`;
  const all = receipt.answer?.words.reduce((sum, words) => sum + words, 0) ?? 0;
  const observed = `${broken.words} of ${all} words of receipt ${receipt.seq} are broken in ${placeOf(part)}${twice}`;
  return {
    got,
    observed,
    expected: `all words of receipt ${receipt.seq}`,
    texts: compare(receipt, part),
    usually: causeOf(part, receipt),
    isClear: causeOf(part, receipt) !== LOST,
  };
}

/** Finds a response without any word, although its endpoint shows whole answers in the steady state. */
function nothingIn(seen: Seen, got: Got): Defect[] {
  if (got.answer.unread || got.parts.some(({ words, broken }) => words.length + broken.size > 0)) return [];
  const places = [...(seen.learned.get(got.endpoint)?.places ?? [])].filter(([, { isWhole }]) => isWhole);
  const promised = promisedOf(seen.facts, got.endpoint)?.as !== undefined;
  const { receipts, isCertain } = seen.belongings.requestsOf(got);
  // What comes after the response may have been given up.
  const until = got.call.at + got.call.ms;
  const sent = receipts.filter(
    (receipt) =>
      isSent(receipt, seen.facts) && hasText(receipt) && (receipt.endedAt ?? Number.POSITIVE_INFINITY) <= until,
  );
  const last = sent.at(-1);
  if (last === undefined || !isCertain || (places.length === 0 && !promised)) return [];
  // Another answer may be of a failed attempt, or of a call that the response does not show.
  if (sent.length > 1 || receipts.length > 1) return [];
  const [path = ''] = places[0] ?? [];
  return [
    {
      got,
      observed: `no word of receipt ${last.seq} in the response`,
      expected: `all words of receipt ${last.seq}`,
      texts: compare(last, { path, words: [], broken: new Map() }),
      usually: LOST,
    },
  ];
}

const hasText = ({ answer }: Answered): boolean => (answer.vectors ?? 0) > 0 || answer.words.some((words) => words > 0);
