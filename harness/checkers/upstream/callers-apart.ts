import { count } from '../../base/in-words.ts';
import type { ActionPhase } from '../../contract/phases.ts';
import type { RequestSample } from '../../history/events.ts';
import { type History, type PhaseEntry, tagsIn } from '../../history/history.ts';
import type { Finding } from '../../verdict/finding.ts';
import { type Facts, isServed } from '../lib/checker.ts';
import { countedUpstreams } from '../lib/counted-upstreams.ts';

/** Minimum number of concurrent calls to judge. */
const ENOUGH = 2;

const USUALLY =
  "A request to an upstream is made from another caller's data: a variable is shared by all requests (a global, or a field of a singleton), and is read after an `await`.";

const ANSWERS_USUALLY =
  'A caller gets the answer to another: a result is kept in a variable or a client that all requests share, a cache has a key without the caller, or the results of a batch are given out in another order.';

/**
 * Judges whether concurrent calls are mixed up: each must send the `${unique}` of its own request to an upstream, not
 * that of another caller. If the text of each arrives, but with the data of two callers swapped, only the trace that a
 * service passes on or an answer that shows the text can tell. Returns an empty list if no upstream gets the `${unique}`
 * of a single call and no answer shows it, or if fewer than two calls were served.
 */
export function callersApart(history: History, facts: Facts, endpoint: string): Finding[] {
  const phases = history.phases('callers at once', { endpoint });
  return phases.flatMap((phase) => [
    ...countedUpstreams(facts, endpoint).flatMap((upstream) => judgeUpstream(history, facts, { phase, upstream })),
    ...judgeAnswers(history, facts, phase),
  ]);
}

/**
 * Returns the reason why concurrent calls of an endpoint were not judged, or an empty list if they were judged or never
 * made.
 */
export const whyNotApart = (history: History, endpoint: string, judged: readonly Finding[]): string[] =>
  judged.length === 0 && history.phases('callers at once', { endpoint }).length > 0
    ? [
        `not judged: whether calls at once are mixed up. No upstream gets their \`\${unique}\` and no answer shows it, or fewer than ${ENOUGH} were served`,
      ]
    : [];

function judgeUpstream(
  history: History,
  facts: Facts,
  { phase, upstream }: { phase: PhaseEntry<ActionPhase<'callers at once'>>; upstream: string },
): Finding[] {
  const tags = { about: 'at once' };
  const usual = history.requestsIn(phase, { about: 'alone' }).map((call) => requestsOf(history, upstream, call));
  const sent = history.sentIn(phase, tags);
  const served = history.requestsIn(phase, tags).filter((call) => isServed(facts, call));
  const own = served.filter((call) => requestsOf(history, upstream, call) > 0);
  const [once = 0] = usual;
  const often = sent.filter((call) => requestsOf(history, upstream, call) > once);
  const missing = served.filter((call) => !own.includes(call));
  const swapped = served.filter((call) => isSwapped(history, upstream, { call, others: sent }));
  const isMixed = swapped.length > 0 || (missing.length > 0 && often.length > 0);
  if (once === 0 || (own.length < ENOUGH && !isMixed)) return [];
  const describe = (calls: readonly RequestSample[]) => calls.map(({ tags: { unique } }) => unique).join(', ');
  return [
    {
      check: checkOf(phase.endpoint, upstream),
      requests: tagsIn(phase, tags),
      expected: `each call at once sends its own text to ${upstream}`,
      observed: `${own.length} of ${count(served.length, 'served call')} did`,
      verdict: isMixed ? 'FAIL' : 'PASS',
      ...(isMixed && {
        evidence: [
          ...(swapped.length > 0 ? [`callers whose trace has the text of another caller: ${describe(swapped)}`] : []),
          ...(missing.length > 0
            ? [`texts that ${upstream} did not get although their callers were served: ${describe(missing)}`]
            : []),
          ...(often.length > 0 ? [`texts that it got more often than from a call alone: ${describe(often)}`] : []),
        ],
        usually: USUALLY,
      }),
    },
  ];
}

const checkOf = (endpoint: string, upstream: string): string => `callers kept apart: ${endpoint} at ${upstream}`;

/** Whether a request in the trace of a call has the text of another call instead. */
function isSwapped(
  history: History,
  upstream: string,
  { call, others }: { call: RequestSample; others: readonly RequestSample[] },
): boolean {
  const texts = others.map(({ tags: { unique = '' } }) => unique);
  return history
    .receipts('request', upstream)
    .filter(({ trace }) => trace !== undefined && trace === call.trace)
    .some(({ unique = [] }) => !unique.includes(call.tags.unique ?? '') && texts.some((text) => unique.includes(text)));
}

/** Judges the answers to calls at once, if that to a single call shows the text of its request. */
function judgeAnswers(history: History, facts: Facts, phase: PhaseEntry<ActionPhase<'callers at once'>>): Finding[] {
  const served = history.requestsIn(phase, { about: 'at once' }).filter((call) => isServed(facts, call));
  const noted = history.metricIn('answers_with_the_text_of_another_caller', phase, { about: 'shown' });
  if (noted.length < ENOUGH || served.length < ENOUGH) return [];
  const others = noted.filter(({ value }) => value > 0);
  return [
    {
      check: `callers kept apart: answers of ${phase.endpoint}`,
      requests: tagsIn(phase, { about: 'at once' }),
      expected: 'the answer to each call at once shows its own text, as that to a single call does',
      observed: `${others.length} of ${count(noted.length, 'answer')} show the text of another caller instead`,
      verdict: others.length > 0 ? 'FAIL' : 'PASS',
      ...(others.length > 0 && {
        evidence: [`callers who got the answer to another: ${others.map(({ tags }) => tags.unique).join(', ')}`],
        usually: ANSWERS_USUALLY,
      }),
    },
  ];
}

/** Returns the number of requests to an upstream with the `${unique}` of a call. */
const requestsOf = (history: History, upstream: string, { tags }: RequestSample): number =>
  history.receipts('request', upstream).filter(({ unique = [] }) => unique.includes(tags.unique ?? '')).length;
