import { count } from '../../base/in-words.ts';
import type { Finding } from '../../verdict/finding.ts';
import type { Facts } from './checker.ts';

/** How many calls the service works on at once, or Infinity if no bound is known. */
export const callsAtOnceOf = ({ callsAtOnce = Number.POSITIVE_INFINITY }: Pick<Facts, 'callsAtOnce'>): number =>
  callsAtOnce;

/**
 * How many calls a service must work on at once to serve others while one hangs: it, a call on a schedule, and another
 * one.
 */
export const ROOM = 3;
export const WHY_NO_ROOM = 'while calls wait for the upstream, nothing is left for the others';

/** What else makes the end of a pool visible, if each process or thread may have a connection. */
export const FEWER_CONNECTIONS =
  'give the pool fewer connections in this profile. If each process or thread has a connection of its own, no call can wait for one: leave `pool` out';

/**
 * Returns a finding that rests on calls that wait at the same time. It is INCONCLUSIVE, with the change that lets it be
 * judged, if the service works on fewer at once: then calls also wait for a process or thread.
 *
 * @param needed How many calls the service must work on at once.
 * @param why What they do, to complete "…: ".
 * @param instead What to do if no more can be started, to complete "or …".
 */
export function unlessTooFew(
  finding: Finding,
  facts: Facts,
  needed: number,
  why: string,
  instead = 'leave this unjudged',
): Finding {
  const calls = callsAtOnceOf(facts);
  if (calls >= needed) return finding;
  const { changes: _, ...judged } = finding;
  return {
    ...judged,
    verdict: 'INCONCLUSIVE',
    usually: `The service works on ${count(calls, 'call')} at once, and this needs ${needed}: ${why}. Calls that wait for a process or thread look the same. Start at least ${needed} of them in \`start.command\` (processes times threads), or ${instead}.`,
    evidence: [
      `measured before the scenario: no more than ${count(calls, 'call')} at once`,
      ...(finding.evidence ?? []),
    ],
    lasting: true,
  };
}

/** Names the bound as the cause of a failure that is one whatever else the service does. */
export function becauseOfFew(finding: Finding, facts: Facts, needed: number, why: string): Finding {
  const calls = callsAtOnceOf(facts);
  if (calls >= needed || finding.verdict !== 'FAIL') return finding;
  const usually = `The service works on ${count(calls, 'call')} at once (measured before the scenario): ${why}. Start at least ${needed} processes or threads in \`start.command\`, or call upstreams without blocking one of them.`;
  return { ...finding, usually };
}
