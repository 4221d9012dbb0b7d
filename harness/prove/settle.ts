import { messageOf } from '../base/errors.ts';
import type { Finding } from '../verdict/finding.ts';
import type { ProvedPair } from '../verdict/proved.ts';
import { Broken } from './broken.ts';
import { MOST_TRIES, type Task } from './plan.ts';

/**
 * The outcome of a mutant in a run: `true` if it acted, or why it could not. undefined if it found nothing to act on.
 */
type Deed = true | string | Broken | undefined;

/** The outcome of a run for a task, and whether another run of the same scenario could have a different outcome. */
interface Settled extends Pick<ProvedPair, 'outcome' | 'why'> {
  readonly isFinal: boolean;
}

/**
 * Returns the outcome of a task in a scenario, and notes that it was tried.
 *
 * @param isAlone Whether the run had no other mutants. Otherwise, another mutant may have left this one nothing to act
 * on, so it is tried again.
 * @param isPromised Whether the contract has a line.
 */
export function settle(
  task: Task,
  scenario: string,
  findings: readonly Finding[],
  deed: Deed,
  isAlone: boolean,
  isPromised: (line: string) => boolean,
): ProvedPair {
  const { checker, mutant, tried } = task;
  const lacks = mutant.needs === undefined || isPromised(mutant.needs) ? undefined : mutant.needs;
  const { isFinal, ...settled } = outcomeOf(task, findings, deed, isAlone, lacks);
  // More tries would only make it likelier that something else turns the check red.
  const isMissedAgain = settled.outcome === 'missed' && tried.has(scenario);
  tried.set(scenario, isFinal || isMissedAgain ? MOST_TRIES : (tried.get(scenario) ?? 0) + 1);
  task.isIdle = settled.outcome === 'impossible';
  if (settled.outcome === 'missed') task.missedIn = scenario;
  return { checker, mutant: mutant.name, scenario, ...settled };
}

/** @param lacks The line that the mutant needs, if the contract doesn't have it. */
function outcomeOf(
  { checker, mutant }: Task,
  findings: readonly Finding[],
  deed: Deed,
  isAlone: boolean,
  lacks: string | undefined,
): Settled {
  const own = findings.filter((finding) => finding.checker === checker);
  const broken = findings.find(({ voids }) => voids === 'everything');
  const unsure = own.find(({ verdict }) => verdict === 'INCONCLUSIVE') ?? broken;
  const undecided = (why: string): Settled => ({ outcome: 'undecided', why, isFinal: false });

  // The check may have failed because of the error.
  if (deed instanceof Broken) return { outcome: 'broken', why: messageOf(deed.error), isFinal: true };
  if (deed === true && own.some(({ verdict }) => verdict === 'FAIL')) return { outcome: 'caught', isFinal: true };
  if (own.length === 0) return undecided(broken ? saying(broken) : 'the scenario was not judged');
  // It could not act, so the check's verdict doesn't count.
  if (typeof deed === 'string') return { outcome: 'impossible', why: deed, isFinal: true };
  if (deed === true) {
    if (unsure) return undecided(saying(unsure));
    return { outcome: 'missed', why: `it acted, and ${checker} passed`, isFinal: false };
  }
  // The mutant had nothing to act on. An incomplete record may hide a chance to act. A known reason counts, unless the
  // whole record is unreliable.
  const cause = mutant.idle === undefined ? unsure : broken;
  if (cause) return undecided(saying(cause));
  const why = lacks === undefined ? mutant.idle : `${IDLE}; it needs \`${lacks}\` in the contract`;
  return { outcome: 'impossible', why: why ?? IDLE, isFinal: isAlone };
}

const saying = ({ check, observed }: Finding): string => `${check}: ${observed}`;

const IDLE = 'it had nothing to act on';

/**
 * Returns which of two outcomes of the same task counts. In another scenario, a mutant may have had something to act
 * on, so it is not impossible. In the same scenario, the later outcome is more certain, because the run had no other
 * mutants. An error in the mutant's code is never lost.
 */
export const surer = (before: ProvedPair | undefined, now: ProvedPair): ProvedPair =>
  before !== undefined &&
  (before.outcome === 'broken' || (before.scenario !== now.scenario && now.outcome === 'impossible'))
    ? before
    : now;
