/** The faults that are set, by the newest snapshot. */

/** @import { Snapshot } from '../messages.ts' */

import { ask } from './asking.js';

/** @type {Snapshot['faults']} */
let known = {};

/** @param {Snapshot} snapshot */
export function rememberFaults({ faults }) {
  known = faults;
}

/** Returns the faults of a target that are waiting or active. @param {string} target */
export const faultsOf = (target) =>
  (known[target] ?? []).filter(({ state }) => state === 'waiting' || state === 'active');

/** Removes a target's faults of one kind. @param {string} target @param {string} kind @returns {Promise<string>} The first refusal, or ''. */
export async function healKind(target, kind) {
  const set = faultsOf(target).filter((fault) => fault.kind === kind);
  const said = await Promise.all(set.map(({ id }) => ask('DELETE', `/upstreams/${target}/faults/${id}`)));
  return said.find((text) => text !== '') ?? '';
}
