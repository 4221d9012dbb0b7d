import type { RequestReceipt, RequestSample } from '../../history/events.ts';
import type { BuiltInChecker } from '../lib/checker.ts';
import type { OfOther } from './belongs.ts';
import { type Got, lengthOf, type Part, placeOf, rangesOf, receiptsAt, wordsOf } from './got.ts';
import { notJudged } from './not-judged.ts';
import { type Defect, ofResponses, promisedOf, type Seen } from './seen.ts';
import { compare } from './texts.ts';

const CHECK = 'callers get answers to their own calls';

const ANOTHERS =
  'Callers share something that holds an answer: a variable of the module, a field of a singleton, a connection that is used again before its response was read to the end, or a cache whose key lacks the caller.';
const EARLIER =
  'The caller gets an answer to one of its earlier calls: from a cache, or from a variable that was not reset. If this is intended, promise it: `endpoints.NAME.answers: { cache: { seconds: … } }`, or `as: digest` for a text that is made of earlier answers.';
const NONE = 'The response shows an answer of an upstream, although the contract says `as: none`.';

/**
 * Checks that callers get only words of answers to their own calls. The answers of fakes consist of words that say which
 * answer they belong to. A call and a request to an upstream belong together if they have the same trace, or the same
 * `${unique}` text, or, if neither is known, if the request arrived during the call.
 *
 * Words of an earlier answer are allowed if the call sent them to an upstream (a chat history) or got them from there (a
 * memory), if an endpoint that calls no upstream reads what the same caller has stored, or if `answers` in the contract
 * allows them. A single response with words of another call is a failure. The service can't teach the check anything
 * else, because one that always mixes up its callers would do so as well.
 */
export const ownAnswers: BuiltInChecker = {
  name: 'own-answers',
  usually: ANOTHERS,
  fix: 'Keep the answer in a local variable of the request handler. Read each response to its end before its connection is used again. Make the caller and the whole request part of the key of a cache.',
  ...ofResponses({
    check: CHECK,
    expected: 'each response has only words of answers to its own call',
    except: [],
    isLooked: (_, { parts }) => parts.some(({ words }) => words.length > 0),
    defectsOf: defectOf,
    notes: notJudged,
  }),
};

function defectOf(seen: Seen, got: Got): Defect[] {
  const isNone = promisedOf(seen.facts, got.endpoint)?.as === 'none';
  for (const part of got.parts) {
    for (const receipt of receiptsAt(part)) {
      const belonging = seen.belongings.of(got, receipt);
      if (belonging.is === 'other') return [mixedUp(seen, got, { ...belonging, part, receipt })];
      if (!isNone) continue;
      const observed = `${placeOf(part)} has ${wordsAt(part, receipt)}`;
      return [{ got, observed, expected: 'no word of an answer', texts: compare(undefined, part), usually: NONE }];
    }
  }
  return [];
}

interface Mixed extends OfOther {
  readonly part: Part;
  readonly receipt: RequestReceipt;
}

function mixedUp(seen: Seen, got: Got, { part, receipt, of, why, usually }: Mixed): Defect {
  const { belongings } = seen;
  const own = belongings.requestsOf(got).receipts.at(-1);
  const shown = own ? wordsOf(part, own).map(({ position }) => position) : [];
  const channel = wordsOf(part, receipt)[0]?.channel ?? 0;
  const missing = own ? positionsOf(own, channel).filter((position) => !shown.includes(position)) : [];
  const wanted = own && missing.length > 0 ? `${rangesOf(missing, channel)} of receipt ${own.seq} expected; ` : '';
  const reason = why === undefined ? '' : `: ${why}`;
  const isEarlier =
    of !== undefined &&
    belongings.callerOf(of) !== undefined &&
    belongings.callerOf(of) === belongings.callerOf(got.call);
  return {
    got,
    observed: `${wanted}got ${wordsAt(part, receipt)} in ${placeOf(part)}, ${askedBy(seen, got, of)}${reason}`,
    expected: own ? `words of receipt ${own.seq}` : 'no words of answers to other calls',
    texts: compare(own, part),
    ...(usually !== undefined ? { usually } : isEarlier && { usually: EARLIER }),
  };
}

const positionsOf = (receipt: RequestReceipt, channel: number): number[] =>
  Array.from({ length: lengthOf(receipt, channel) }, (_, index) => index);

function wordsAt(part: Part, receipt: RequestReceipt): string {
  const words = wordsOf(part, receipt);
  return `${rangesOf(
    words.map(({ position }) => position),
    words[0]?.channel,
  )} of receipt ${receipt.seq}`;
}

/** Says who made the call that an answer belongs to, and when. */
function askedBy({ belongings }: Seen, { call }: Got, of: RequestSample | undefined): string {
  if (of === undefined) return 'which is of no known call';
  const ms = Math.round(call.at - of.at);
  const time = Math.abs(ms) < 100 ? `${Math.abs(ms)} ms` : `${(Math.abs(ms) / 1_000).toFixed(1)} s`;
  const when = ms === 0 ? 'at the same time' : `${time} ${ms > 0 ? 'before' : 'later'}`;
  const caller = belongings.callerOf(of);
  if (caller === undefined) return `asked in another call of ${of.tags.endpoint} ${when}`;
  return `asked by ${caller === belongings.callerOf(call) ? 'the same caller' : caller} ${when}`;
}
