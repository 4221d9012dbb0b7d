/**
 * The exports of `proofload/testing`: helpers for the tests of a team's own checks and faults. The tests of this
 * package use the same hand-written histories. See docs/extending.md.
 */

export { loadContract } from '../contract/load.ts';
export { History } from '../history/history.ts';
export { type FaultyUpstream, startFaultyUpstream } from './faulty-upstream.ts';
export * from './hand-written.ts';
