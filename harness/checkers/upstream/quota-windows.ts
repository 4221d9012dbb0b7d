import { type PromisedQuota, secondsOf } from '../../../mocks/promised-quota.ts';
import type { RequestReceipt } from '../../history/events.ts';
import { type Facts, mayBegin } from '../lib/checker.ts';

/** What a quota limits. */
export type Resource = 'requests' | 'tokens';

/** A quota of one kind. */
export interface Quota {
  readonly upstream: string;
  readonly resource: Resource;
  readonly max: number;
  readonly seconds: number;
  /** The quota of the upstream that it belongs to. */
  readonly whole: PromisedQuota;
}

/** Returns the quotas that the contract promises to keep, and that the script presses against. */
export const pressedQuotas = (facts: Facts): Quota[] =>
  Object.entries(facts.contract.upstreams).flatMap(([upstream, { quota: whole }]) =>
    (['requests', 'tokens'] as const).flatMap((resource) => {
      const max = whole?.[resource];
      if (!whole || max === undefined || !mayBegin(facts, pressureOn({ resource }))) return [];
      return [{ upstream, resource, max, seconds: secondsOf(whole), whole }];
    }),
  );

/** Returns the action of the phase in which callers press against a quota. */
export const pressureOn = ({ resource }: Pick<Quota, 'resource'>) =>
  resource === 'requests' ? 'beyond the quota' : 'beyond the quota of tokens';

/** Returns how much of a quota a request uses. A request that the upstream refused, or a fault, has used no tokens. */
export const usedBy = ({ usage = [0, 0] }: RequestReceipt, resource: Resource): number =>
  resource === 'requests' ? 1 : usage[0] + usage[1];

/** Returns how much of a quota requests use. */
export const usedByAll = (receipts: readonly RequestReceipt[], resource: Resource): number =>
  receipts.reduce((sum, receipt) => sum + usedBy(receipt, resource), 0);

/**
 * Returns the requests in the window of a quota in which most was used. A window begins with a request, and its end does
 * not belong to it.
 *
 * @param receipts In the order of their arrival.
 */
export function fullestWindow(
  receipts: readonly RequestReceipt[],
  resource: Resource,
  windowMs: number,
): RequestReceipt[] {
  let [from, used, most] = [0, 0, 0];
  let fullest: readonly [number, number] = [0, 0];
  for (const [index, receipt] of receipts.entries()) {
    used += usedBy(receipt, resource);
    for (let first = receipts[from]; first && receipt.at - first.at >= windowMs; first = receipts[from]) {
      used -= usedBy(first, resource);
      from += 1;
    }
    if (used <= most) continue;
    most = used;
    fullest = [from, index + 1];
  }
  return receipts.slice(...fullest);
}
