/**
 * The exports of `proofload/scenario`, for a team's own scenarios. The scenarios of this package use the same
 * functions. A scenario needs `handleSummary` and `proof`: see docs/writing-a-scenario.md.
 */

export type { PhaseData } from '../../harness/contract/phases.ts';
export type { Proof } from '../../harness/contract/proof.ts';
export type { ScriptTags as Tags } from '../../harness/contract/tags.ts';
export { type Breaker, breakerUnderTest, context, type Fault, find, promised, reaching } from './context.ts';
export { lab } from './lab.ts';
export { options, runOnce } from './run-once.ts';
export { call, isServed, readGauge, retryAfter, tagsOf } from './service.ts';
export { steady } from './steady.ts';
export { handleSummary } from './summary.ts';
export { atMost, pause, times, together, until } from './wait.ts';
export { whileCalling } from './while-calling.ts';
export { isWorking } from './working.ts';
