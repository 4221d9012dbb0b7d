import { type Contract, numbersOf } from '../contract/contract.ts';
import { isHttp } from '../contract/is-http.ts';
import type { RunResult } from '../verdict/run-result.ts';

/** The scenario that stops the service. */
export const FREEZE = 'chaos/freeze';

/** How much longer than a call timeout the service is stopped, so that the timeout ends meanwhile, in seconds. */
const LONGER = 0.5;

/**
 * Returns how long to stop a service with a breaker, so that the timeout of its calls ends meanwhile, in seconds.
 * Returns undefined if the contract says what happens then, if there is no such breaker, or if its timeout is unknown.
 */
export function secondsToFreeze(contract: Contract, profile: string): number | undefined {
  if (contract.frozen !== undefined) return undefined;
  const timeouts = Object.entries(numbersOf(contract, profile).breakers).flatMap(([name, { callTimeoutSeconds }]) =>
    callTimeoutSeconds !== undefined && isHttp(contract, contract.breakers[name]?.upstream ?? '')
      ? [callTimeoutSeconds + LONGER]
      : [],
  );
  return timeouts.length > 0 ? Math.max(1, ...timeouts) : undefined;
}

/**
 * Returns a note that names the promise `frozen`, and says whether the service keeps it. Undefined if the trial could not
 * be judged, such as in a container.
 */
export function frozenNote({ scenarios }: Pick<RunResult, 'scenarios'>, seconds: number): string | undefined {
  const freeze = scenarios.find(({ scenario }) => scenario === FREEZE);
  if (freeze === undefined || freeze.verdict === 'INCONCLUSIVE') return undefined;
  const line = `frozen: { seconds: ${seconds} }`;
  if (freeze.verdict === 'PASS') {
    return `no breaker opens if the service is stopped for ${seconds} s, as on a busy machine. To promise it: ${line}`;
  }
  const failed = freeze.findings.find(({ verdict }) => verdict === 'FAIL');
  return (
    `a service that is stopped for ${seconds} s, as on a busy machine, fails calls that were answered meanwhile ` +
    `(${failed?.check}: ${failed?.observed}). Nothing promises otherwise. To have it judged: ${line}`
  );
}
