import type { Look } from './chart.ts';

/** Outcomes of a request by its status, the best first. */
export const OUTCOMES = {
  answered: { label: '2xx, 3xx', look: 'good' },
  refused: { label: '4xx', look: 'client' },
  limited: { label: '429 rate limited', look: 'limited' },
  failed: { label: '5xx', look: 'bad' },
  unanswered: { label: 'no answer', look: 'none' },
} as const satisfies Record<string, { label: string; look: Look }>;

export type Outcome = keyof typeof OUTCOMES;

/** @param status 0 if there was no answer. */
export function outcomeOf(status: number): Outcome {
  if (status === 0) return 'unanswered';
  if (status === 429) return 'limited';
  if (status >= 500) return 'failed';
  return status >= 400 ? 'refused' : 'answered';
}
