/**
 * The exports of `proofload` for teams: the functions that define a contract, checks and faults, and the lab for their
 * own tests. It loads the lab only if a test starts one. See docs/extending.md.
 */

import { nameCompileCache } from '../engine/base/compile-cache.js';
import { defineUpstreamFault } from '../faults/kinds/lib/upstream-fault.ts';
import type { Checker } from './checkers/lib/checker.ts';
import type { ContractFile } from './contract/contract.ts';
import type { TestLab, TestLabOptions } from './testing/start-lab.ts';

export { z } from 'zod';
export { firstBytes, withBody, withHeadFirst } from '../faults/kinds/lib/body.ts';
export { Disconnect } from '../faults/kinds/lib/disconnect.ts';
export type { Circumstances, FaultActions, Respond } from '../faults/kinds/lib/fault.ts';
export { pause } from '../faults/kinds/lib/pause.ts';
export { isEventStream, withEvents } from '../faults/kinds/lib/server-sent-events.ts';
export type { UpstreamFault } from '../faults/kinds/lib/upstream-fault.ts';
export type { Checker, Facts } from './checkers/lib/checker.ts';
export type { ContractFile } from './contract/contract.ts';
export type { HistoryEvent, Receipt } from './history/events.ts';
export type { History } from './history/history.ts';
export type { TestLab, TestLabOptions } from './testing/start-lab.ts';
export type { Finding, Verdict } from './verdict/finding.ts';
export type { RunResult, ScenarioResult } from './verdict/run-result.ts';

/** Returns a contract as it is, with its type. Use it in `proofload.config.ts`, so that editors complete its fields. */
export const defineContract = (contract: ContractFile): ContractFile => contract;

/**
 * Returns a check as it is, with its type. A module in `proofload/checks/` exports it by default, and scenarios list
 * its name in `holds`.
 */
export const defineCheck = (check: Checker): Checker => check;

/**
 * Defines a kind of fault for HTTP upstreams. A module in `proofload/faults/` exports it by default. Its fields are zod
 * schemas whose descriptions say which values are allowed.
 */
export const defineFault = defineUpstreamFault;

/**
 * Starts a contract's service, its upstreams and, if it uses one, its database, for a test. Disposing of the lab stops
 * them.
 *
 * @example
 * await using lab = await startLab({ contract: 'proofload.yaml' });
 * await lab.fault('llm', { kind: 'status', status: 503 });
 * const response = await fetch(`${lab.url}/ask`, { method: 'POST' });
 * const calls = await lab.receipts('llm');
 *
 * @throws ProofloadError if the contract is invalid, or if the service or something that it needs does not start
 */
export async function startLab(options: TestLabOptions = {}): Promise<TestLab> {
  // The coverage of kept code is less precise, and processes that collect it may be the user's.
  if (!process.env.NODE_V8_COVERAGE) nameCompileCache();
  const lab = await import('./testing/start-lab.ts');
  return lab.startLab(options);
}
