import { SPECIFIED } from '../../config/specified.ts';
import { fails, holds, type Item, unknown, warns } from './item.ts';

const HOW = 'To check: switch the API off, and count the calls until the service fails fast';

/**
 * The numbers that one suggestion of `make advise` can reach from the specified ones. The specification allows
 * adjusting them.
 */
const ADJUSTED = { threshold: { lowest: 2 / 3, highest: 3 / 2 }, recovery: { lowest: 1 / 2, highest: 2 } } as const;

export const circuitBreakers: Item = {
  title: 'Circuit breakers on both external APIs',
  judge({ metrics }) {
    if ('missing' in metrics) return unknown(`${metrics.missing}. ${HOW}`);
    const states = ['llm', 'memory'].map((breaker) => ({ breaker, state: stateOf(metrics.value, breaker) }));
    const shown = states.map(({ breaker, state }) => `${breaker} ${state ?? 'not shown'}`).join(', ');
    if (states.some(({ state }) => state === 'disabled')) return fails(shown);
    if (states.some(({ state }) => state === undefined)) return unknown(`/metrics: ${shown}. ${HOW}`);
    const threshold = metrics.value.get('circuit_breaker_failure_threshold');
    const recovery = metrics.value.get('circuit_breaker_recovery_timeout_seconds');
    if (threshold === undefined || recovery === undefined) {
      return unknown(`/metrics: ${shown}, without the threshold and the recovery timeout. ${HOW}`);
    }
    const specified = {
      threshold: SPECIFIED.CIRCUIT_BREAKER_FAILURE_THRESHOLD,
      recovery: SPECIFIED.CIRCUIT_BREAKER_RECOVERY_TIMEOUT / 1000,
    };
    const evidence = `${shown}; each opens after ${threshold} consecutive failures, for ${recovery} s`;
    if (threshold === specified.threshold && recovery === specified.recovery) return holds(evidence);
    const instead = `${evidence}. The specification says ${specified.threshold} failures and ${specified.recovery} s`;
    const isAdjusted =
      isWithin(threshold, specified.threshold, ADJUSTED.threshold) &&
      isWithin(recovery, specified.recovery, ADJUSTED.recovery);
    return isAdjusted ? warns(`${instead}; make advise shows if the log supports the change`) : fails(instead);
  },
};

const isWithin = (value: number, specified: number, { lowest, highest }: { lowest: number; highest: number }) =>
  value >= Math.floor(specified * lowest) && value <= Math.ceil(specified * highest);

function stateOf(metrics: ReadonlyMap<string, number>, breaker: string): string | undefined {
  const states = ['closed', 'open', 'half_open', 'disabled'];
  return states.find((state) => metrics.get(`circuit_breaker_state{breaker="${breaker}",state="${state}"}`) === 1);
}
