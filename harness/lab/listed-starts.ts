import { isDeepStrictEqual } from 'node:util';
import type { Contract } from '../contract/contract.ts';

/** Settings of a start that is tried; null is a setting that is absent. */
export type StartSettings = Readonly<Record<string, string | null>>;

/**
 * Whether a contract lists a start with these settings: with none changed, with a value of its secret, or one that it says is
 * refused. No other is tried: a setting such as NODE_OPTIONS has a process run any code.
 */
export function isListed(
  { secret, refusedStarts = {} }: Pick<Contract, 'secret' | 'refusedStarts'>,
  settings: StartSettings,
): boolean {
  const values = secret ? Object.values({ ...secret.weak, ...secret.strong }) : [];
  const listed: StartSettings[] = [
    {},
    ...values.map((value) => ({ [secret?.setting ?? '']: value })),
    ...Object.values(refusedStarts).map((start) => start.settings),
  ];
  return listed.some((one) => isDeepStrictEqual(one, settings));
}
