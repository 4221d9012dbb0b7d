import { count } from '../../base/in-words.ts';
import type { ActionPhase, PlannedAction } from '../../contract/phases.ts';
import { type History, type PhaseEntry, tagsIn } from '../../history/history.ts';
import type { Finding } from '../../verdict/finding.ts';
import { type Breaker, type BuiltInChecker, type Facts, judgedBreakers, planned } from '../lib/checker.ts';
import { unreachedAfter } from '../lib/open-after.ts';
import { ifPrimed } from '../lib/primed.ts';
import { ifStreamed } from './failing-streams.ts';

/**
 * Checks that streams that fail after their first events count as failures for the upstream's breaker. Enough streams
 * to open it fail one after another, and no call may reach the upstream afterwards. It does not matter how the caller
 * learns that the breaker is open, because a stream may have begun before.
 */
export const streamsCountForBreaker: BuiltInChecker = {
  name: 'streams-count-for-breaker',
  restsOn: ['steady-state'],
  usually:
    'The breaker counts a success when the headers arrive, before the stream is read, or the failure is caught inside the call that it protects.',
  fix: 'The call that the breaker protects must end with the last event. An error while reading must reject it.',
  cases: (facts) =>
    planned(facts, 'failing streams')?.flatMap((phase) =>
      breakersIn(facts, phase).map(({ name }) => ({
        check: checkOf(phase),
        promises: [['breakers', name, 'failures']],
      })),
    ),
  without:
    'no breaker has a streaming endpoint (endpoints.NAME.stream) that fails without its upstream and never retries (upstreams.NAME.calls)',
  judge: (history, facts) =>
    history
      .phases('failing streams')
      .flatMap((phase) => breakersIn(facts, phase).map((breaker) => judge(history, facts, phase, breaker))),
};

const checkOf = ({ fault, breaker, endpoint }: PlannedAction<'failing streams'>): string =>
  `counts streams that fail by ${fault}: ${breaker}, ${endpoint}`;

/** Returns the breaker that must count the failures in a phase. */
const breakersIn = (facts: Facts, phase: PlannedAction<'failing streams'>): Breaker[] =>
  judgedBreakers(facts).filter(({ name }) => name === phase.breaker);

function judge(
  history: History,
  facts: Facts,
  phase: PhaseEntry<ActionPhase<'failing streams'>>,
  breaker: Breaker,
): Finding {
  const { upstream, opening } = breaker;
  const reached = history.receiptsIn(phase, upstream);
  const met = reached.filter(({ faults }) => faults.length > 0);
  const calls = history.requestsIn(phase);
  const after = unreachedAfter(history, facts, { phase, breaker, calls, reached });
  const finding: Finding = {
    check: checkOf(phase),
    requests: tagsIn([phase, ...history.related('after', phase)]),
    expected: `after ${count(opening.failures, 'failed stream')}, no call reaches ${upstream}`,
    observed: `${count(met.length, 'stream')} failed, ${after.observed}`,
    verdict: met.length === opening.failures ? after.verdict : 'INCONCLUSIVE',
  };
  return ifStreamed(history, phase, ifPrimed(history, breaker, finding, { phase }));
}
