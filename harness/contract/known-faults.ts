import { z } from 'zod';
import { type Effect, type Nature, nature, type Seen } from '../../faults/kinds/lib/nature.ts';
import { entryOf } from '../base/entry-of.ts';

/** The facts about kinds of faults, by kind. */
export const faultNatures = z.record(z.string(), nature);

export type KnownFaults = Readonly<Record<string, Nature>>;

/** A fault in a contract: its kind and the fields for that kind. */
type Fault = Readonly<Record<string, unknown> & { kind: string }>;

/** Returns the effect of a fault, or undefined if there is no such kind. */
export const effectOf = ({ kind }: Pick<Fault, 'kind'>, known: KnownFaults): Effect | undefined =>
  entryOf(known, kind)?.effect;

/** Whether a fault fails single calls as soon as they arrive, or only streams. */
export const isQuick = (fault: Pick<Fault, 'kind'>, known: KnownFaults): boolean =>
  ['fails', 'stream'].includes(effectOf(fault, known) ?? '');

/** Returns how a client sees a fault, or undefined if that depends on the call, as for a fault of streams. */
export function seenAs(fault: Fault, known: KnownFaults): Seen | undefined {
  const { seen } = entryOf(known, fault.kind) ?? {};
  if (typeof seen !== 'object') return seen;
  const status = fault[seen.field];
  return typeof status === 'number' ? status : seen.otherwise;
}
