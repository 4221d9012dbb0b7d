import type { RequestSample } from '../../history/events.ts';
import type { History } from '../../history/history.ts';
import type { Facts } from './checker.ts';

/** The condition whose settings switch the limits off. */
export const NO_LIMITS_CONDITION = 'no-rate-limits';

/**
 * Returns the requests that only a limit can have refused: nothing else of the contract refuses with 429, and no
 * upstream answered so.
 */
export function refusedByLimit(history: History, facts: Facts, requests: readonly RequestSample[]): RequestSample[] {
  const isUpstreams = history.disruptable().some((receipt) => 'status' in receipt && receipt.status === 429);
  return isUpstreams
    ? []
    : requests.filter(({ status, tags: { endpoint = '' } }) => status === 429 && isOnlyLimit(facts, endpoint));
}

function isOnlyLimit({ contract, numbers }: Facts, endpoint: string): boolean {
  const { breakers, pool, capacity, budgets, endpoints } = contract;
  const others = [
    ...Object.values(breakers).map(({ refusal }) => refusal),
    ...Object.values(budgets).map(({ refusal }) => refusal),
    pool?.refusal,
    capacity?.refusal,
    numbers.requestsInProgress[endpoint]?.refusal,
  ];
  const onFault = Object.values(endpoints[endpoint]?.onFault ?? {});
  const answers = onFault.map((promised) => (typeof promised === 'object' ? promised.answer : promised));
  return Object.hasOwn(numbers.limits, endpoint) && ![...others, ...answers].includes(429);
}

/** Returns the cause if limits refuse requests although the condition should switch them off, with its settings. */
export function notSwitchedOff({ contract: { conditions } }: Facts): string {
  const settings = Object.keys(conditions[NO_LIMITS_CONDITION] ?? {});
  const names = settings.length === 0 ? 'its settings' : settings.join(', ');
  return `The condition "${NO_LIMITS_CONDITION}" does not switch the limits off: the service ignores ${names}, or reads it in another form.`;
}
