import type { Finding } from '../verdict/finding.ts';
import type { ProvedPair } from '../verdict/proved.ts';
import { MOST_TRIES, type Task } from './plan.ts';

/**
 * Returns the outcome of a task in a scenario, and notes that it was tried. A check that fails without the mutant
 * having acted is not proved by it. A record that is incomplete doesn't tell whether the mutant could have acted.
 *
 * @param deed Whether the mutant acted, or the reason why it could not. undefined if it found nothing to act on.
 * @param isAlone Whether the run had no other mutants. Otherwise, one of them may have been in the way of a mutant that
 * found nothing to act on, so this one is tried again.
 */
export function settle(
  { checker, mutant, tried }: Task,
  scenario: string,
  findings: readonly Finding[],
  deed: true | string | undefined,
  isAlone: boolean,
): ProvedPair {
  const own = findings.filter((one) => one.checker === checker);
  const pair = { checker, mutant: mutant.name, scenario };
  if (deed === true && own.some(({ verdict }) => verdict === 'FAIL')) return { ...pair, outcome: 'caught' };
  // It is known why such a mutant does nothing, whatever the check says about the rest.
  const isExplained = deed === undefined && mutant.idle !== undefined;
  const unsure =
    own.find(({ verdict }) => verdict === 'INCONCLUSIVE' && !isExplained) ??
    findings.find(({ voids }) => voids === 'everything');
  const isUnknown = own.length === 0 || (unsure !== undefined && typeof deed !== 'string');
  const isFinal = !isUnknown && (deed !== undefined || isAlone);
  tried.set(scenario, isFinal ? MOST_TRIES : (tried.get(scenario) ?? 0) + 1);
  if (isUnknown)
    return { ...pair, outcome: 'undecided', why: unsure ? `${unsure.check}: ${unsure.observed}` : UNJUDGED };
  if (deed !== true) return { ...pair, outcome: 'impossible', why: deed ?? mutant.idle ?? NO_OCCASION };
  return { ...pair, outcome: 'missed', why: `it acted, and ${checker} passed` };
}

const UNJUDGED = 'the scenario was not judged';
const NO_OCCASION = 'nothing that it acts on passed by';
