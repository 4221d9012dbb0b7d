import { breakCalls, whileBroken } from './break-calls.ts';
import { probe } from './breaker.ts';
import type { Breaker, Fault } from './context.ts';
import { isOnPort, labelOf } from './failures.ts';
import { lab } from './lab.ts';
import { prime } from './prime.ts';
import { call } from './service.ts';
import { close } from './trials.ts';

/**
 * Finds out which kinds of failures a breaker does not count, after a row of several kinds has not opened it: makes just
 * enough calls fail with each kind alone. A service that keeps its promises never gets here.
 */
export async function eachAlone(breaker: Breaker, row: readonly Fault[]): Promise<void> {
  const kinds = new Map(row.filter((fault) => !isOnPort(fault)).map((fault) => [labelOf(fault), fault]));
  if (kinds.size < 2) return;
  for (const [label, fault] of kinds) await failAlone(breaker, fault, label);
}

async function failAlone(breaker: Breaker, fault: Fault, label: string): Promise<void> {
  const { name, upstream, endpoint, opening } = breaker;
  const primed = await prime([breaker]);
  // The call before has been served, so the breaker has counted no failure since.
  const phase = await lab.phase({ action: 'alone', breaker: name, fault: label, ...primed });
  await breakCalls(upstream, fault, opening.failures);
  await whileBroken(upstream, opening.failures, () => call(endpoint, { phase, about: 'failure' }));
  await lab.heal(upstream);
  await probe(breaker, await lab.phase({ when: 'after', of: phase.id }));
  await close(breaker, await lab.phase({ when: 'recovery from', of: phase.id }));
}
