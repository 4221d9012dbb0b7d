import { answerOf } from '../../history/answer-of.ts';
import type { Finding, Table } from '../../verdict/finding.ts';
import { type BuiltInChecker, capacityNumbers, capacityOf, isServed, tally } from '../lib/checker.ts';
import { firstSent, lastAnswered } from '../lib/request-times.ts';
import { starvation } from '../lib/starvation.ts';
import { describeStep, type Step, stepOf } from './load-steps.ts';

/**
 * Checks that the service serves the promised load within the promised latency.
 *
 * The script raises the load until a step misses the objective twice. The last step before that is the capacity, and
 * the steps are the evidence. A missed step only counts if the generator kept to its schedule.
 */
export const bearsItsLoad: BuiltInChecker = {
  name: 'bears-its-load',
  timed: true,
  restsOn: ['endpoints-served'],
  usually:
    'Blocking work on the event loop, a pool that is too small, or a promised capacity that this machine cannot deliver.',
  fix: 'Take a CPU profile at the last rate that was served. Move blocking work to workers, size the pool for the promised rate, or promise less.',
  cases: (facts) => {
    const { endpoint } = capacityOf(facts);
    const numbers = capacityNumbers('requestsPerSecond', 'withinMs', 'share');
    return [{ check: checkOf(endpoint), promises: [['endpoints', endpoint, 'served'], ...numbers] }];
  },
  judge(history, facts) {
    const { endpoint, requestsPerSecond, withinMs, share } = capacityOf(facts);
    const calls = history.all('request').filter(({ tags }) => tags.rate !== undefined);
    const rates = [...Map.groupBy(calls, ({ tags }) => Number(tags.rate))].sort(([a], [b]) => a - b);
    const steps = rates.map(([rate, of]) => ({ rate, attempts: attemptsOf(of) }));
    const missed = steps.find(({ attempts }) => !attempts.some(({ isSound, isBorne }) => isSound && isBorne));
    const borne = steps.findLast(({ rate }) => rate < (missed?.rate ?? Number.POSITIVE_INFINITY))?.rate ?? 0;
    const lines = steps.map(
      ({ rate, attempts }) =>
        `${rate}/s: ${attempts.map((step) => `${describeStep(step)}; ${statuses(step)}`).join(' | ')}`,
    );
    const finding = {
      check: checkOf(endpoint),
      expected: `${requestsPerSecond}/s, ${share * 100} % served within ${withinMs} ms`,
      observed: steps.length > 0 ? `${borne}/s, ${whatEndedIt()}` : 'no load',
      evidence: lines,
      table: curve(),
    };
    return [{ ...finding, verdict: verdict() }];

    function whatEndedIt(): string {
      if (!missed) return 'and no step was missed';
      const { rate, attempts } = missed;
      if (!attempts.every(({ isSound }) => isSound)) return `but ${rate}/s is unknown: the generator was late`;
      return `missed at ${rate}/s: ${describeStep(attempts.at(-1) as Step)}`;
    }

    function verdict(): Finding['verdict'] {
      if (borne >= requestsPerSecond) return 'PASS';
      const isProved =
        missed !== undefined && missed.attempts.length > 1 && missed.attempts.every(({ isSound }) => isSound);
      return isProved && missed.rate <= requestsPerSecond ? 'FAIL' : 'INCONCLUSIVE';
    }

    function curve(): Table {
      const columns = ['requests/s', 'served/s', 'in time, %', 'p50, ms', 'p99, ms'];
      const rows = steps.flatMap(({ rate, attempts }) =>
        attempts.map((step) => [rate, servedPerSecond(rate, step), step.share * 100, step.p50, step.p99].map(toTenth)),
      );
      return { columns, rows, curve: columns.slice(-2) };
    }

    /** Uses the load's planned duration, or its actual duration if that was longer. */
    function servedPerSecond(rate: number, { calls }: Step): number {
      const seconds = Math.max(calls.length / rate, (lastAnswered(calls) - firstSent(calls)) / 1_000);
      return calls.filter((call) => isServed(facts, call)).length / seconds;
    }

    function attemptsOf(of: typeof calls): Step[] {
      const starved = starvation(history);
      return [...Map.groupBy(of, ({ tags }) => tags.phase).values()].map((attempt) => stepOf(attempt, facts, starved));
    }
  },
};

const checkOf = (endpoint: string): string => `capacity: ${endpoint}`;

const toTenth = (value: number): number => Number(value.toFixed(1));

const statuses = ({ calls }: Step): string => tally(calls.map(answerOf));
