import { knownError, ProofloadError } from '../base/errors.ts';
import type { Fakes } from './fakes.ts';

/**
 * Returns the error of a service that did not start. It names the hosts of the calls that the lab's proxy refused,
 * because these may be the reason.
 *
 * @param after The number of the last receipt before the start.
 */
export async function withRefusedCalls(
  error: unknown,
  fakes: Pick<Fakes, 'receipts'>,
  after: number,
): Promise<unknown> {
  const known = knownError(error);
  if (!known) return error;
  // Fakes that don't respond must not hide the error.
  const { receipts } = await fakes.receipts(after).catch(() => ({ receipts: [] }));
  const hosts = new Set(receipts.flatMap(({ kind, upstream }) => (kind === 'stray' ? [upstream] : [])));
  if (hosts.size === 0) return error;
  const why = `the lab's proxy refused its calls to ${[...hosts].join(', ')}, which no upstream of the contract is`;
  return new ProofloadError(known.code, `${known.message}; ${why}`, { cause: error });
}
