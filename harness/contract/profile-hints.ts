import { secondsOf } from '../../mocks/promised-quota.ts';
import { type Contract, numbersOf } from './contract.ts';
import { mayOpenByTimeouts, openingOf } from './schema/opening.ts';

/** A window or recovery timeout longer than this, in seconds, makes a run take minutes. */
const LONG_SECONDS = 10;

/**
 * Returns a hint for each number that makes a run long, with the part of the contract to change, and for a quota that
 * the contract has, but does not promise to keep. A profile is meant to
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
  const slow = [...timeoutHints(breakers, profile), ...quotaHints(contract)];
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

/** The settings of a fake that limit requests and tokens per minute. */
type Limits = Readonly<{ rpm?: number; tpm?: number }>;

/** Returns a hint for each quota with a long window, and for each fake with quotas that are not promised to be kept. */
const quotaHints = ({ upstreams }: Contract): string[] =>
  Object.entries(upstreams).flatMap(([name, upstream]) => {
    if ('tcp' in upstream) return [];
    if (upstream.quota !== undefined) {
      const seconds = secondsOf(upstream.quota);
      return seconds <= LONG_SECONDS
        ? []
        : [
            `upstreams.${name}.quota: chaos/quota waits for several windows of ${seconds} s. For short runs give the ` +
              'service a small quota in a short window in conditions.small-quotas, and promise the same numbers here',
          ];
    }
    const { rpm: requests, tpm: tokens } = ('kind' in upstream ? (upstream.settings?.quotas ?? {}) : {}) as Limits;
    if (requests === undefined && tokens === undefined) return [];
    const promise = { ...(requests && { requests }), ...(tokens && { tokens }), per: 'minute' };
    return [
      `upstreams.${name}.settings.quotas: ${name} has quotas, and the contract does not promise that the service keeps ` +
        `them. To require it: upstreams.${name}.quota: ${JSON.stringify(promise)}`,
    ];
  });
