import { entryOf } from '../../base/entry-of.ts';
import { fallbackOf } from '../../contract/schema/fallback.ts';
import type { RequestReceipt } from '../../history/events.ts';
import type { BuiltInChecker } from '../lib/checker.ts';
import { type Got, type Part, placeOf, rangesOf, wordsOf } from './got.ts';
import { isSent, keyOf, missingAt, sameUsage, shownAlone } from './learn.ts';
import { type Defect, ofResponses, ownAt, promisedOf, type Seen } from './seen.ts';
import { compare } from './texts.ts';

const CHECK = 'one answer for each call';

const SPLICED =
  'The service repeats a failed call, or calls another upstream, after it has passed on a part of the first answer. Tell the caller of the failure instead, or wait for the whole answer before you pass it on.';
const COUNTED =
  'The tokens of a failed attempt are added, or reported instead: take them from the answer that the caller gets.';
const NAMED = 'The model of a failed attempt is named: take it from the answer that the caller gets.';

/**
 * Checks that a caller gets a single answer after a retry or a fallback. At one place of a response, the words of a
 * failed attempt must not be followed by those of another one, also not after an event that reports an error. The tokens
 * that the response reports must be those of the answer that it shows, if they are so in the steady state. The model is
 * compared if the contract says how answers show (`endpoints.NAME.answers`), because some gateways name an alias.
 */
export const oneAnswer: BuiltInChecker = {
  name: 'one-answer',
  restsOn: ['own-answers'],
  usually: SPLICED,
  fix: 'Repeat a call or fall back to another upstream only while nothing of the answer has been sent. Begin with empty buffers and counters at each attempt.',
  ...ofResponses({
    check: CHECK,
    expected: 'the words of one attempt, with its usage and model',
    except: ['digest'],
    isLooked: (seen, got) => got.parts.some((part) => ownAt(seen, got, part).length > 0),
    defectsOf: defectOf,
  }),
};

function defectOf(seen: Seen, got: Got): Defect[] {
  for (const part of got.parts) {
    const spliced = splicedIn(seen, got, part);
    if (spliced) return [spliced];
  }
  const reported = reportedIn(seen, got);
  return reported ? [reported] : [];
}

function splicedIn(seen: Seen, got: Got, part: Part): Defect | undefined {
  if (seen.learned.get(got.endpoint)?.places.get(keyOf(got, part))?.isOfSeveral) return undefined;
  const own = ownAt(seen, got, part).filter((receipt) =>
    seen.belongings.requestsOf(got).receipts.some(({ seq }) => seq === receipt.seq),
  );
  for (const [index, first] of own.entries()) {
    const next = own.slice(index + 1).find((receipt) => areAttempts(seen, got, first, receipt));
    if (next === undefined || (isSent(first, seen.facts) && missingAt(part, first).length === 0)) continue;
    const [before, after] = [first, next].map((receipt) =>
      rangesOf(wordsOf(part, receipt).map(({ position }) => position)),
    );
    const ended = got.answer.ends === 'error' ? ', and an error' : '';
    return {
      got,
      observed: `${before} of receipt ${first.seq} are followed by ${after} of receipt ${next.seq} in ${placeOf(part)}${ended}`,
      expected: `words of receipt ${first.seq} or of receipt ${next.seq}`,
      texts: compare(next, part),
      usually: SPLICED,
    };
  }
  return undefined;
}

/** Whether two requests are attempts of the same call: of the same route, or to upstreams of which one replaces another. */
function areAttempts({ facts }: Seen, { endpoint }: Got, first: RequestReceipt, second: RequestReceipt): boolean {
  if (first.upstream === second.upstream) return first.route === second.route;
  const order = fallbackOf(entryOf(facts.contract.endpoints, endpoint)?.fallback)?.order ?? [];
  return order.includes(first.upstream) && order.includes(second.upstream);
}

/** Finds tokens or a model that are not those of the answer that a response shows. */
function reportedIn(seen: Seen, got: Got): Defect | undefined {
  const shown = shownAlone(got);
  if (shown === undefined || got.answer.ends !== undefined || seen.belongings.of(got, shown).is !== 'own')
    return undefined;
  const isTold = seen.learned.get(got.endpoint)?.tellsUsage === true;
  if (isTold && isSent(shown, seen.facts) && sameUsage(got, shown) === false) {
    const [input, output] = got.answer.usage ?? [];
    const others = seen.belongings
      .requestsOf(got)
      .receipts.filter((receipt) => receipt !== shown && sameUsage(got, receipt));
    const of = others[0] === undefined ? '' : `, which are those of receipt ${others[0].seq}`;
    return {
      got,
      observed: `${input ?? '?'} and ${output ?? '?'} tokens with the words of receipt ${shown.seq}${of}`,
      expected: `${shown.usage?.join(' and ')} tokens, as receipt ${shown.seq} has`,
      usually: COUNTED,
    };
  }
  const { model } = got.answer;
  const isPromised = promisedOf(seen.facts, got.endpoint) !== undefined;
  const failed = seen.belongings
    .requestsOf(got)
    .receipts.find((receipt) => receipt !== shown && receipt.model === model);
  if (!isPromised || model === undefined || shown.model === undefined || shown.model === model || failed === undefined)
    return undefined;
  return {
    got,
    observed: `the model ${model} of receipt ${failed.seq} with the words of receipt ${shown.seq}`,
    expected: `the model ${shown.model}`,
    usually: NAMED,
  };
}
