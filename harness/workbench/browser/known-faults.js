/** The faults that are set, according to the latest snapshot. */

/** @import { Snapshot } from '../messages.ts' */

import { ask } from './asking.js';

/** @type {Snapshot['faults']} */
let known = {};

/** @param {Snapshot} snapshot */
export function rememberFaults({ faults }) {
  known = faults;
}

/** Returns a target's faults that are waiting or active. @param {string} target */
export const faultsOf = (target) =>
  (known[target] ?? []).filter(({ state }) => state === 'waiting' || state === 'active');

/** Removes all of a target's faults of one kind. @param {string} target @param {string} kind @returns {Promise<string>} The first rejection, or ''. */
export async function healKind(target, kind) {
  const set = faultsOf(target).filter((fault) => fault.kind === kind);
  const said = await Promise.all(set.map(({ id }) => ask('DELETE', `/upstreams/${target}/faults/${id}`)));
  return said.find((text) => text !== '') ?? '';
}
