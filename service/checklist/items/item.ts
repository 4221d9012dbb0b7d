import type { Observations } from '../observe/observations.ts';

/** Whether an item holds; UNKNOWN where it could not be seen from here. */
export type Mark = 'HOLDS' | 'FAILS' | 'UNKNOWN';

/** What an item came to, and what that was seen by; for UNKNOWN, how to see it. */
export interface Finding {
  readonly mark: Mark;
  readonly evidence: string;
}

/** One item of the deployment checklist (specification): a pure function over what was observed. */
export interface Item {
  readonly title: string;
  judge(seen: Observations): Finding;
}

export const holds = (evidence: string): Finding => ({ mark: 'HOLDS', evidence });
export const fails = (evidence: string): Finding => ({ mark: 'FAILS', evidence });
export const unknown = (evidence: string): Finding => ({ mark: 'UNKNOWN', evidence });
