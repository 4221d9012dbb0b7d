import { isHttp } from '../../contract/is-http.ts';
import { answeredBy } from '../../contract/schema/answers.ts';
import type { History } from '../../history/history.ts';
import type { Facts } from '../lib/checker.ts';
import { type Got, isServed, placeOf, receiptsAt, wordsOf } from './got.ts';
import { notJudged } from './not-judged.ts';
import { promisedOf, type Seen, seenIn } from './seen.ts';

/**
 * Suggests the lines of a contract that promise how answers show, from responses while nothing was broken: one sentence
 * for each endpoint that shows answers and promises nothing about it. Also names what can't be judged, and why.
 */
export function suggestedAnswers(history: History, facts: Facts): string[] {
  const seen = seenIn(history, facts);
  const suggested = Object.entries(facts.contract.endpoints).flatMap(([endpoint, described]) => {
    const upstreams = answeredBy(described).filter((upstream) => isHttp(facts.contract, upstream));
    const isOpen = upstreams.length > 0 && promisedOf(facts, endpoint)?.as === undefined;
    return isOpen ? suggestionFor(seen, endpoint) : [];
  });
  return [...suggested, ...notJudged(seen)];
}

/** What a response shows, in words. */
const SHOWS = { whole: 'a whole answer', field: 'a whole field of an answer', part: 'a part of an answer' } as const;

function suggestionFor(seen: Seen, endpoint: string): string[] {
  const places = [...(seen.learned.get(endpoint)?.places ?? [])];
  if (places.length === 0) return [];
  const responses = seen.responses.filter((got) => got.endpoint === endpoint && isServed(seen.facts, got));
  const isWhole = places.every(([, shows]) => shows.isWhole);
  const as = !isWhole ? 'part' : responses.some(isOfOneField) ? 'field' : 'whole';
  const where = places.map(([path]) => placeOf({ path })).join(', ');
  return [`${endpoint} shows ${SHOWS[as]} in ${where}. To require it: endpoints.${endpoint}.answers: { as: ${as} }`];
}

/** Whether a response shows one of several texts that its upstream has sent. */
const isOfOneField = ({ parts }: Got): boolean =>
  parts.some((part) =>
    receiptsAt(part).some((receipt) => {
      const channels = new Set(wordsOf(part, receipt).map(({ channel }) => channel));
      return channels.size === 1 && (receipt.answer?.words.length ?? 0) > 1;
    }),
  );
