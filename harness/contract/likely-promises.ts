import { type Contract, numbersOf } from './contract.ts';
import { settingsOf } from './settings-of.ts';
import { usesPostgres } from './uses-postgres.ts';

/** A promise that a contract does not make, although what it says makes it likely that the service keeps one. */
export interface LikelyPromise {
  /** The field of the contract. */
  readonly promise: string;
  /** What makes it likely. */
  readonly because: string;
}

/** The number of promises to name. A longer list is not read. */
const MOST = 3;

/**
 * Returns at most three promises that the contract lacks and that the service most likely makes, by what the contract
 * says about it: the names of its settings, its upstreams and its database. The likeliest comes first.
 *
 * @throws ProofloadError USAGE if the contract has no such profile
 */
export function likelyPromises(contract: Contract, profile: string): LikelyPromise[] {
  const { endpoints, upstreams, breakers, secret, pool, termination, start } = contract;
  const { limits } = numbersOf(contract, profile);
  const settings = settingsOf(contract);
  const named = (words: RegExp) => settings.find((name) => words.test(name));
  const calling = Object.entries(endpoints).filter(([, { reaches }]) => reaches.length > 0);
  const untold = calling.find(([, { onFault }]) => Object.keys(onFault ?? {}).length === 0);
  const repeating = Object.entries(upstreams).find(([, upstream]) => upstream.calls === undefined);
  const found: (LikelyPromise | false | undefined)[] = [
    Object.keys(limits).length === 0 &&
      hint(`profiles.${profile}.limits`, named(/LIMIT|THROTTL|QUOTA|PER_(SECOND|MINUTE|HOUR)/)),
    Object.keys(breakers).length === 0 && hint('breakers', named(/BREAKER|CIRCUIT/)),
    repeating && hint(`upstreams.${repeating[0]}.calls`, named(/RETR(Y|IES)|ATTEMPTS/)),
    secret === undefined && hint('secret', named(/SECRET|SIGNING_KEY/)),
    untold && { promise: `endpoints.${untold[0]}.onFault`, because: `it calls ${untold[1].reaches[0]}` },
    pool === undefined && usesPostgres(contract) && { promise: 'pool', because: 'it has a database' },
    termination === undefined && !start.running && { promise: 'termination', because: 'each deployment ends it' },
  ];
  return found.filter((promise): promise is LikelyPromise => Boolean(promise)).slice(0, MOST);
}

/** Returns promises as words, for example "termination (each deployment ends it)". */
export const likelyInWords = (likely: readonly LikelyPromise[]): string =>
  likely.map(({ promise, because }) => `${promise} (${because})`).join(', ');

const hint = (promise: string, setting: string | undefined): LikelyPromise | undefined =>
  setting === undefined ? undefined : { promise, because: `it has the setting ${setting}` };
