import { isDeepStrictEqual } from 'node:util';
import type { Contract } from '../../contract/contract.ts';

/** The settings to change when trying to start the service. null removes a setting. */
export type StartSettings = Readonly<Record<string, string | null>>;

/**
 * Whether a contract allows a start with these settings: unchanged, with a listed value for its secret, or as one of
 * its refused starts. Other settings are not allowed, because a setting such as NODE_OPTIONS could execute arbitrary
 * code.
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
