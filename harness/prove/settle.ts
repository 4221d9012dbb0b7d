import type { Finding } from '../verdict/finding.ts';
import type { ProvedPair } from '../verdict/proved.ts';
import { MOST_TRIES, type Task } from './plan.ts';

/**
 * Returns the outcome of a task in a scenario, and notes that it was tried. A check that fails without the mutant
 * having acted is not proved by it. A record that is incomplete doesn't tell whether the mutant could have acted.
 *
 * @param deed Whether the mutant acted, or the reason why it could not. By default, it found nothing to act on. It is
 * false if another mutant acted on all that it would have acted on.
 */
export function settle(
  { checker, mutant, tried }: Task,
  scenario: string,
  findings: readonly Finding[],
  deed?: boolean | string,
): ProvedPair {
  const own = findings.filter((one) => one.checker === checker);
  const pair = { checker, mutant: mutant.name, scenario };
  if (deed === true && own.some(({ verdict }) => verdict === 'FAIL')) return { ...pair, outcome: 'caught' };
  const unsure =
    own.find(({ verdict }) => verdict === 'INCONCLUSIVE') ?? findings.find(({ voids }) => voids === 'everything');
  const isUnknown = own.length === 0 || deed === false || (unsure !== undefined && typeof deed !== 'string');
  tried.set(scenario, isUnknown ? (tried.get(scenario) ?? 0) + 1 : MOST_TRIES);
  if (deed === false) return { ...pair, outcome: 'undecided', why: CROWDED_OUT };
  if (isUnknown)
    return { ...pair, outcome: 'undecided', why: unsure ? `${unsure.check}: ${unsure.observed}` : UNJUDGED };
  if (deed !== true) return { ...pair, outcome: 'impossible', why: deed ?? mutant.idle ?? NO_OCCASION };
  return { ...pair, outcome: 'missed', why: `it acted, and ${checker} passed` };
}

const CROWDED_OUT = 'another mutant acted on all that it acts on';
const UNJUDGED = 'the scenario was not judged';
const NO_OCCASION = 'nothing that it acts on passed by';
