import type { PlannedAction } from '../../contract/phases.ts';
import { answerOf } from '../../history/answer-of.ts';
import { type History, tagsIn } from '../../history/history.ts';
import type { Finding } from '../../verdict/finding.ts';
import { type BuiltInChecker, planned, poolOf, poolServed, tally } from '../lib/checker.ts';
import { FEWER_CONNECTIONS, unlessTooFew } from '../lib/few-calls.ts';
import { noiseOf } from '../lib/noise.ts';
import { judgeQuickness } from '../lib/quickness.ts';

/**
 * Checks that the service holds no database connection while it waits for an upstream: reads must be served in the
 * meantime.
 */
export const poolFreeDuringUpstreamCalls: BuiltInChecker = {
  name: 'pool-free-during-upstream-calls',
  timed: true,
  restsOn: ['pool-endpoint-reads-table'],
  usually: 'A connection or transaction is held across the upstream call. Acquire it after the response.',
  fix: 'Read what you need, return the connection, call the upstream, and take a connection again to write.',
  cases: (facts) =>
    planned(facts, 'slow upstream')?.map((phase) => ({ check: checkOf(phase), promises: poolServed(facts) })),
  without: 'no endpoint reaches an HTTP upstream that `pool.endpoint` does not call as well',
  judge(history, facts) {
    const { max, served } = poolOf(facts);
    return history.phases('slow upstream').map((phase): Finding => {
      const { upstream, at } = phase;
      const waiting = history.requestsIn(phase, { about: 'upstream' });
      const reads = history.requestsIn(phase, { about: 'read' });
      const finding = judgeQuickness(reads, waiting, {
        check: checkOf(phase),
        requests: tagsIn(phase, { about: 'read' }),
        what: `one of ${waiting.length} calls that wait for ${upstream}`,
        noise: noiseOf(history, facts),
        atMostMs: latencyOfFault(history, upstream, at),
      });
      const isRefused = reads.some(({ status }) => !served.includes(status));
      const judged: Finding = isRefused
        ? { ...finding, verdict: 'FAIL', observed: tally(reads.map(answerOf)) }
        : waiting.length < max
          ? { ...finding, verdict: 'INCONCLUSIVE' }
          : finding;
      return unlessTooFew(judged, facts, max + 1, WHY, FEWER_CONNECTIONS);
    });
  },
};

const WHY = 'each connection of the pool is held by a call, while another one reads';

const checkOf = ({ upstream, endpoint }: PlannedAction<'slow upstream'>): string =>
  `pool free during upstream calls: ${upstream} in ${endpoint}`;

/**
 * Returns the latency that an upstream's latency fault adds, in milliseconds. Calls that also wait for a connection
 * take longer.
 */
function latencyOfFault(history: History, upstream: string, from: number): number | undefined {
  const fault = history
    .all('fault')
    .find((candidate) => candidate.at >= from && candidate.upstream === upstream && candidate.id !== undefined);
  const milliseconds = fault?.asked.milliseconds;
  return typeof milliseconds === 'number' ? milliseconds : undefined;
}
