import { type Contract, numbersOf } from '../contract/contract.ts';
import { isHttp } from '../contract/is-http.ts';
import { loadContract } from '../contract/load.ts';
import { LONG_SECONDS } from '../contract/profile-hints.ts';
import type { RunResult } from '../verdict/run-result.ts';
import { runTrial } from './doctor-trial.ts';
import type { Examining } from './examining.ts';
import { contractFile, type LabFlags, runOptions } from './lab-options.ts';

const FREEZE = 'chaos/freeze';

/** How much longer than a call timeout the service is stopped, so that the timeout ends meanwhile, in seconds. */
const LONGER = 0.5;

/**
 * Stops a service with a breaker for a moment if its contract doesn't say what happens then. Returns a note that names
 * the promise `frozen`, and says whether the service keeps it. Returns undefined if there is no such breaker, or if its
 * timeout is unknown or long.
 */
export async function frozenNote(flags: LabFlags, { say, signal }: Examining): Promise<string | undefined> {
  const contract = await loadContract(contractFile(flags), runOptions(flags, []));
  const seconds = secondsToFreeze(contract, flags.profile);
  if (seconds === undefined) return undefined;
  say(`\nStopping the service for ${seconds} s, which the contract does not mention: ${FREEZE}`);
  const changes = [{ path: ['frozen', 'seconds'], value: seconds }];
  return noteOf(await runTrial(flags, { name: 'doctor-freeze', scenarios: [FREEZE], changes }, signal), seconds);
}

/** Returns how long to stop a service, so that the timeout of a breaker's calls ends meanwhile. */
export function secondsToFreeze(contract: Contract, profile: string): number | undefined {
  if (contract.frozen !== undefined) return undefined;
  const timeouts = Object.entries(numbersOf(contract, profile).breakers).flatMap(([name, { callTimeoutSeconds }]) =>
    callTimeoutSeconds !== undefined && isHttp(contract, contract.breakers[name]?.upstream ?? '')
      ? [callTimeoutSeconds + LONGER]
      : [],
  );
  const seconds = Math.max(1, ...timeouts);
  return timeouts.length > 0 && seconds <= LONG_SECONDS ? seconds : undefined;
}

/** Returns what the trial shows about the promise. Undefined if it could not be judged, such as in a container. */
export function noteOf({ scenarios }: Pick<RunResult, 'scenarios'>, seconds: number): string | undefined {
  const [freeze] = scenarios;
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
