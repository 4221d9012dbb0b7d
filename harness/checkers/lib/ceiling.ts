import { count } from '../../base/in-words.ts';
import type { ConnectionSample } from '../../history/events.ts';
import type { History } from '../../history/history.ts';
import type { Finding } from '../../verdict/finding.ts';

/**
 * How long a backend that the lab has terminated may remain in pg_stat_activity, in milliseconds. Its client notices
 * sooner and may already have opened another connection.
 */
const LEAVES_MS = 250;

/**
 * Judges, based on pg_stat_activity samples, whether the service's number of connections stayed within the pool's
 * maximum.
 *
 * @param isEnough Whether there are enough samples for a PASS.
 */
export function judgeCeiling(
  history: History,
  looks: readonly ConnectionSample[],
  { check, max, isEnough }: { check: string; max: number; isEnough: boolean },
): Finding {
  const ended = history.disruptable().filter(({ faults }) => faults.some((fault) => fault.endsWith(':terminate')));
  const samples = looks.filter(
    ({ at }) => !ended.some((call) => at >= call.at && at < (call.endedAt ?? call.at) + LEAVES_MS),
  );
  const leftOut = looks.length - samples.length;
  const peak = samples.reduce((most, { total }) => Math.max(most, total), 0);
  return {
    check,
    expected: `at most ${max} connections`,
    observed: `${peak}, in ${count(samples.length, 'sample')}`,
    ...(leftOut > 0 && {
      evidence: [
        `${count(looks.length, 'sample')} minus ${leftOut} that may show terminated connections: ${samples.length}`,
      ],
    }),
    verdict: peak > max ? 'FAIL' : isEnough ? 'PASS' : 'INCONCLUSIVE',
  };
}
