import { CHECKERS } from '../checkers/index.ts';
import type { Skipped } from '../run/skipped-scenario.ts';
import type { Proved, ProvedPair } from '../verdict/proved.ts';
import { WIRE_MUTANTS } from '../wire/mutants/index.ts';

/** Why no mutant can turn a check red, if that is known. */
const NEVER: Readonly<Record<string, string>> = {
  'steady-state': 'it never fails: if the service does not work before anything is broken, nothing is known',
  thresholds: 'they are lines of the script, and no mutant knows what these are about',
  'specified-timeouts': 'a timeout that is too long can be imitated, but its calls share a phase with those of limits',
  'backoff-jittered': "it judges when many retries come, and only the service can send them at its callers' times",
  'upstream-concurrency-reached': 'a proxy would have to hold back calls that the service sends at the same time',
  'unread-streams-bounded': 'it judges what the service itself does with a stream that nobody reads',
  'fallback-spares-breaker': 'it fails if calls are missing at the first upstream, and none can be taken back',
  'trial-waited-for': 'callers would have to be answered before the service answers them',
  'breaker-benefit': 'it compares the service with and without its breakers, which share all proxies',
  'pool-endpoint-reads-table': 'it judges what the database itself says about its locks',
  'pool-ceiling': 'it judges what the database itself says about its connections',
  'pool-free-during-upstream-calls': 'it judges what the database itself says about its connections',
  'pool-leaks-nothing': 'it judges what the database itself says about its connections',
  'lost-reply-stored-once': 'it judges what the service stores again after a reply was lost',
  'ends-when-told-to': "a proxy can't keep a process from ending",
};

interface Known {
  /** The checkers that passed without mutants. */
  readonly passed: ReadonlySet<string>;
  readonly pairs: readonly ProvedPair[];
  readonly skipped: readonly Skipped[];
}

/**
 * Returns the checkers that were not proved, each with the reason: it did not pass, no mutant exists for it, its
 * mutants had nothing to act on, or the contract does not promise what it judges.
 */
export function whyUnprovable(judged: readonly string[], { passed, pairs, skipped }: Known): Proved['unprovable'] {
  const acted = new Set(pairs.filter(({ outcome }) => outcome !== 'impossible').map(({ checker }) => checker));
  const ofJudged = judged
    .filter((checker) => !acted.has(checker))
    .map((checker) => ({ checker, why: whyOf(checker, passed, pairs) }));
  const others = Object.keys(CHECKERS).filter((checker) => !judged.includes(checker));
  return [...ofJudged, ...others.flatMap((checker) => notPromised(checker, skipped.length > 0))];
}

function whyOf(checker: string, passed: ReadonlySet<string>, pairs: readonly ProvedPair[]): string {
  if (Object.hasOwn(NEVER, checker)) return NEVER[checker] ?? '';
  if (!passed.has(checker)) return 'it did not pass without mutants';
  const own = pairs.filter((pair) => pair.checker === checker);
  if (own.length === 0) return 'there is no wire mutant for it yet';
  return [...new Set(own.map(({ mutant, why }) => `${mutant}: ${why}`))].join('; ');
}

/** Names the lines of the contract without which a check has nothing to judge. */
function notPromised(checker: string, isAnySkipped: boolean): Proved['unprovable'] {
  const needs = WIRE_MUTANTS.filter(({ turnsRed }) => turnsRed.includes(checker)).flatMap((one) => one.needs ?? []);
  const lines = [...new Set(needs)].map((line) => `\`${line}\``).join(' or ');
  if (lines === '' || !isAnySkipped) return [];
  return [{ checker, why: `it was not judged; it may need ${lines} in the contract` }];
}
