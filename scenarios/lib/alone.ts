import { breakCalls, whileBroken } from './break-calls.ts';
import { PROBES, probe } from './breaker.ts';
import type { Breaker, Fault } from './context.ts';
import { isOnPort, labelOf } from './failures.ts';
import { lab } from './lab.ts';
import { isRated, prime } from './prime.ts';
import { call } from './service.ts';
import { close } from './trials.ts';

/**
 * Finds out which kinds of failures a breaker does not count, after a row of several kinds has not opened it: makes just
 * enough calls fail with each kind alone. If none opens it, and it opened after further failures, makes as many calls
 * fail with each kind: only then is its threshold known. If the breaker opened late, they also show whether the pause
 * before the last failure is the reason. A service that keeps its promises never gets here.
 *
 * @param further How many failures more than promised opened it. Defaults to 0, if this is not known.
 */
export async function eachAlone(breaker: Breaker, row: readonly Fault[], further = 0): Promise<void> {
  const kinds = new Map(row.filter((fault) => !isOnPort(fault)).map((fault) => [labelOf(fault), fault]));
  if (kinds.size === 0 || (kinds.size === 1 && further === 0)) return;
  let hasOpened = false;
  for (const [label, fault] of kinds) {
    const isOpen = await failAlone(breaker, fault, { action: 'alone', label, failures: breaker.opening.failures });
    hasOpened ||= isOpen;
  }
  if (hasOpened || further === 0 || isRated(breaker)) return;
  const failures = breaker.opening.failures + further;
  for (const [label, fault] of kinds) await failAlone(breaker, fault, { action: 'alone for longer', label, failures });
}

/** Returns whether no call reaches the upstream afterwards. */
async function failAlone(
  breaker: Breaker,
  fault: Fault,
  { action, label, failures }: { action: 'alone' | 'alone for longer'; label: string; failures: number },
): Promise<boolean> {
  const { name, upstream, endpoint } = breaker;
  const primed = await prime([breaker]);
  // The call before has been served, so the breaker has counted no failure since.
  const phase = await lab.phase({ action, breaker: name, fault: label, ...primed });
  await breakCalls(upstream, fault, failures);
  await whileBroken(upstream, failures, () => call(endpoint, { phase, about: 'failure' }));
  await lab.heal(upstream);
  const before = await lab.arrivals(upstream);
  await probe(breaker, await lab.phase({ when: 'after', of: phase.id }));
  const isOpen = (await lab.arrivals(upstream)) < before + PROBES;
  await close(breaker, await lab.phase({ when: 'recovery from', of: phase.id }));
  return isOpen;
}
