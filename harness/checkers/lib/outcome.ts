import { answerOf } from '../../history/answer-of.ts';
import type { RequestSample } from '../../history/events.ts';
import { tells } from '../../history/tells.ts';
import { isGivenUp } from './given-up.ts';

/** How a call that met a failing upstream ended. */
export interface Outcome {
  readonly is: 'served' | 'refused' | 'reported in the stream' | 'aborted' | 'unanswered' | 'unknown';
  readonly status: number;
  /** The outcome in words. */
  readonly text: string;
}

/**
 * Returns how a call ended.
 *
 * @param served The statuses with which the endpoint is served.
 * @param isReported Whether the response was a stream that reported an error to its caller.
 */
export function outcomeOf(call: RequestSample, served: readonly number[], isReported: boolean): Outcome {
  const { status, ms } = call;
  const ended = (is: Outcome['is'], text: string): Outcome => ({ is, status, text });
  if (!tells(call)) return ended('unknown', 'no answer, for a reason that says nothing about the service');
  if (isGivenUp(call)) return ended('unanswered', `no answer within ${(ms / 1_000).toFixed(1)} s`);
  if (status === 0) return ended('aborted', 'the connection was closed before the answer was complete');
  if (!served.includes(status)) return ended('refused', `the caller got ${answerOf(call)}`);
  if (isReported) return ended('reported in the stream', `the caller got ${status} and an event with an error`);
  return ended('served', `the caller got ${status} for a call that failed`);
}
