import { type Contract, numbersOf } from './contract.ts';
import { mayOpenByTimeouts, openingOf } from './schema/opening.ts';

/** A window or recovery timeout longer than this, in seconds, makes a run take minutes. */
const LONG_SECONDS = 10;

/**
 * Returns a hint for each number that makes a run long, with the part of the contract to change. A profile is meant to
 * configure short times in the service through its `environment`. Without these settings, the service keeps its own
 * numbers.
 *
 * @throws ProofloadError USAGE if the contract has no such profile
 */
export function profileHints(contract: Contract, profile: string): string[] {
  const { limits, breakers, environment } = numbersOf(contract, profile);
  const long = [
    ...Object.entries(limits).map(
      ([name, { windowSeconds }]) => [`limits.${name}.windowSeconds`, windowSeconds] as const,
    ),
    ...Object.entries(breakers).map(
      ([name, { recoverySeconds }]) => [`breakers.${name}.recoverySeconds`, recoverySeconds] as const,
    ),
  ].filter(([, seconds]) => seconds > LONG_SECONDS);
  const slow = timeoutHints(breakers, profile);
  if (long.length === 0) return slow;
  const named = long.map(([path, seconds]) => `${path}: ${seconds}`).join(', ');
  const settings = Object.keys(environment).length === 0 ? ' It has none now.' : '';
  return [
    ...slow,
    `profiles.${profile}: each scenario waits for several windows or recovery timeouts (${named}). ` +
      `For short runs give the service shorter times in profiles.${profile}.environment, and the same numbers here.${settings}`,
  ];
}

/** Returns a hint for each breaker whose timeouts can't be seen to open it, which is then not judged. */
const timeoutHints = (breakers: ReturnType<typeof numbersOf>['breakers'], profile: string): string[] =>
  Object.entries(breakers)
    .filter(([, breaker]) => !mayOpenByTimeouts(openingOf(breaker), breaker.callTimeoutSeconds ?? 0))
    .map(
      ([name, { callTimeoutSeconds }]) =>
        `profiles.${profile}.breakers.${name}: a timeout of ${callTimeoutSeconds} s takes more than half of the window, so ` +
        'calls may leave it before they count as failures. Whether timeouts open the breaker is not judged: shorten the timeout',
    );
