import { fails, holds, type Item, unknown } from './item.ts';

const HOW = 'To check: switch the API off, and count the calls until the service fails fast';

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
    return holds(`${shown}; each opens after ${threshold} consecutive failures, for ${recovery} s`);
  },
};

function stateOf(metrics: ReadonlyMap<string, number>, breaker: string): string | undefined {
  const states = ['closed', 'open', 'half_open', 'disabled'];
  return states.find((state) => metrics.get(`circuit_breaker_state{breaker="${breaker}",state="${state}"}`) === 1);
}
