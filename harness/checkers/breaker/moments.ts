import type { History } from '../../history/history.ts';

/**
 * Describes points in time as evidence, relative to the start as in the report: "9.73 s into the scenario: the failed
 * trial ended".
 */
export function moments(history: History, times: Record<string, number>): string[] {
  const began = history.inOrder()[0]?.at ?? 0;
  return Object.entries(times).map(([what, at]) => `${((at - began) / 1_000).toFixed(2)} s into the scenario: ${what}`);
}
