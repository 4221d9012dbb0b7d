import type { Look } from './chart.ts';

/** Request outcomes by status, from best to worst. */
export const OUTCOMES = {
  answered: { label: '2xx, 3xx', look: 'good' },
  refused: { label: '4xx', look: 'client' },
  limited: { label: '429 rate limited', look: 'limited' },
  failed: { label: '5xx', look: 'bad' },
  unanswered: { label: 'no answer', look: 'none' },
} as const satisfies Record<string, { label: string; look: Look }>;

export type Outcome = keyof typeof OUTCOMES;

/** @param status The status, or 0 if there was no response. */
export function outcomeOf(status: number): Outcome {
  if (status === 0) return 'unanswered';
  if (status === 429) return 'limited';
  if (status >= 500) return 'failed';
  return status >= 400 ? 'refused' : 'answered';
}
