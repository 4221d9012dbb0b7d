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

/**
 * Judges whether concurrent calls are mixed up: each must send the `${unique}` of its own request to an upstream, not
 * that of another caller. Returns an empty list if the upstream gets no `${unique}` of a single call, or if fewer than
 * two calls were served.
 */
export function callersApart(history: History, facts: Facts, endpoint: string): Finding[] {
  const phases = history.phases('callers at once', { endpoint });
  return phases.flatMap((phase) =>
    countedUpstreams(facts, endpoint).flatMap((upstream) => judgeUpstream(history, facts, { phase, upstream })),
  );
}

/**
 * Returns the reason why concurrent calls of an endpoint were not judged, or an empty list if they were judged or never
 * made.
 */
export const whyNotApart = (history: History, endpoint: string, judged: readonly Finding[]): string[] =>
  judged.length === 0 && history.phases('callers at once', { endpoint }).length > 0
    ? [
        `not judged: whether calls at once are mixed up. No upstream gets their \`\${unique}\`, or fewer than ${ENOUGH} were served`,
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
  const isMixed = missing.length > 0 && often.length > 0;
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
          `texts that ${upstream} did not get although their callers were served: ${describe(missing)}`,
          `texts that it got more often than from a call alone: ${describe(often)}`,
        ],
        usually: USUALLY,
      }),
    },
  ];
}

const checkOf = (endpoint: string, upstream: string): string => `callers kept apart: ${endpoint} at ${upstream}`;

/** Returns the number of requests to an upstream with the `${unique}` of a call. */
const requestsOf = (history: History, upstream: string, { tags }: RequestSample): number =>
  history.receipts('request', upstream).filter(({ unique = [] }) => unique.includes(tags.unique ?? '')).length;
