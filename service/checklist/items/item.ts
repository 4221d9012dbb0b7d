import type { Observations } from '../observe/observations.ts';

/**
 * An item's result. WARNING means that it holds, but needs attention. UNKNOWN means that it could not be determined from
 * this machine.
 */
export type Mark = 'HOLDS' | 'WARNING' | 'FAILS' | 'UNKNOWN';

/** An item's result with the evidence. For UNKNOWN, the evidence explains how to check the item. */
export interface Finding {
  readonly mark: Mark;
  readonly evidence: string;
}

/** An item of the deployment checklist, implemented as a pure function of the observations. */
export interface Item {
  readonly title: string;
  judge(seen: Observations): Finding;
}

export const holds = (evidence: string): Finding => ({ mark: 'HOLDS', evidence });
export const warns = (evidence: string): Finding => ({ mark: 'WARNING', evidence });
export const fails = (evidence: string): Finding => ({ mark: 'FAILS', evidence });
export const unknown = (evidence: string): Finding => ({ mark: 'UNKNOWN', evidence });
