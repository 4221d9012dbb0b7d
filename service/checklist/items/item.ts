import type { Observations } from '../observe/observations.ts';

/** The result of an item. UNKNOWN: it could not be observed from here. */
export type Mark = 'HOLDS' | 'FAILS' | 'UNKNOWN';

/** The result of an item with its evidence. For UNKNOWN, the evidence says how to check the item. */
export interface Finding {
  readonly mark: Mark;
  readonly evidence: string;
}

/** One item of the deployment checklist: a pure function of the observations. */
export interface Item {
  readonly title: string;
  judge(seen: Observations): Finding;
}

export const holds = (evidence: string): Finding => ({ mark: 'HOLDS', evidence });
export const fails = (evidence: string): Finding => ({ mark: 'FAILS', evidence });
export const unknown = (evidence: string): Finding => ({ mark: 'UNKNOWN', evidence });
