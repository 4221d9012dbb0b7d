import { count } from '../../base/in-words.ts';
import { type History, tagsIn } from '../../history/history.ts';
import type { Finding } from '../../verdict/finding.ts';
import { judgeCeiling } from '../lib/ceiling.ts';
import { type BuiltInChecker, capacityNumbers, capacityOf, type Facts, poolNumber } from '../lib/checker.ts';
import { judgeSlowdown } from '../lib/slowdown.ts';
import { meanStarvation, starvation } from '../lib/starvation.ts';
import { describeStep, stepOf } from './load-steps.ts';

/** A warmed-up process's memory may grow by this factor or this many megabytes, whichever is more. */
const [GROWTH_TIMES, GROWTH_MB] = [1.5, 50];
/** Minimum number of samples in each third. */
const ENOUGH = 5;

/**
 * Checks that under sustained load, the service responds in time throughout, is no slower in the last third than in the
 * first, doesn't accumulate memory, and stays within its connection limit. A longer soak detects smaller leaks.
 */
export const bearsASoak: BuiltInChecker = {
  name: 'bears-a-soak',
  timed: true,
  restsOn: ['endpoints-served'],
  countsConnections: true,
  usually: 'Memory, listeners, timers or connections leak. Compare heap snapshots from the beginning and the end.',
  fix: 'Remove listeners, clear timers and close responses on every path, also after errors. Limit the size of caches.',
  cases: ({ contract, numbers }) => [
    { check: SERVED_CHECK, promises: capacityNumbers('withinMs', 'share') },
    { check: NO_SLOWER_CHECK, promises: [] },
    ...(contract.memory ? [{ check: MEMORY_CHECK, promises: [] }] : []),
    ...(numbers.pool ? [{ check: CEILING_CHECK, promises: [poolNumber('max')] }] : []),
  ],
  judge: (history, facts) => [
    served(history, facts),
    noSlower(history),
    ...(facts.contract.memory ? [noMoreMemory(history)] : []),
    ...(facts.numbers.pool ? [ceiling(history, facts.numbers.pool.max)] : []),
  ],
};

const LOAD = { about: 'load' };

const SERVED_CHECK = 'serves a soak in time';
const NO_SLOWER_CHECK = 'no slower at the end of a soak';
const MEMORY_CHECK = 'memory does not grow in a soak';
const CEILING_CHECK = 'stays within the pool in a soak';

function served(history: History, facts: Facts): Finding {
  const { withinMs, share } = capacityOf(facts);
  const phases = history.phases('soak');
  const step = stepOf(history.sentIn(phases, LOAD), facts, starvation(history));
  return {
    check: SERVED_CHECK,
    requests: tagsIn(phases, LOAD),
    expected: `${share * 100} % within ${withinMs} ms`,
    observed: `${count(step.calls.length, 'request')}: ${describeStep(step)}`,
    verdict: !step.isSound ? 'INCONCLUSIVE' : step.isBorne ? 'PASS' : 'FAIL',
  };
}

function noSlower(history: History): Finding {
  const phases = history.phases('soak');
  const [first, , last] = thirds(history.requestsIn(phases, LOAD));
  const [control, , controlThen] = thirds(history.metricIn('control_ms', phases).map(({ value }) => value));
  return judgeSlowdown(
    { without: [first.map(({ ms }) => ms)], with: last.map(({ ms }) => ms) },
    { without: [control], with: controlThen },
    {
      check: NO_SLOWER_CHECK,
      what: 'the first third',
      starvedMs: meanStarvation(history, last),
      requests: tagsIn(phases, LOAD),
    },
  );
}

function noMoreMemory(history: History): Finding {
  const looks = history.metricIn('memory_bytes', history.phases('soak')).map(({ value }) => value / 1_000_000);
  const [first, , last] = thirds(looks);
  // The minimum of each third is closest to the memory in use after garbage collection.
  const [before, after] = [Math.min(...first), Math.min(...last)];
  const bound = Math.max(before * GROWTH_TIMES, before + GROWTH_MB);
  const judged = {
    check: MEMORY_CHECK,
    expected: `at most ${GROWTH_TIMES} × or ${GROWTH_MB} MB more in the last third than in the first`,
    observed: `${first.length === 0 ? '' : `${before.toFixed(0)} MB, then ${after.toFixed(0)} MB, in `}${count(looks.length, 'sample')}`,
  };
  if (first.length < ENOUGH || looks.some(Number.isNaN)) return { ...judged, verdict: 'INCONCLUSIVE' };
  return { ...judged, verdict: after <= bound ? 'PASS' : 'FAIL' };
}

function ceiling(history: History, max: number): Finding {
  const phases = history.phases('soak');
  const samples = history.allIn('connections', phases);
  return judgeCeiling(history, samples, { check: CEILING_CHECK, max, isEnough: samples.length >= ENOUGH });
}

/** Splits a list into three parts. The first and the last have the same length. */
function thirds<Value>(values: readonly Value[]): [Value[], Value[], Value[]] {
  const size = Math.floor(values.length / 3);
  return [values.slice(0, size), values.slice(size, values.length - size), values.slice(values.length - size)];
}
