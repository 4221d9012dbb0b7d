import { isUnserved, statusText } from '../callers/meaning-of.ts';
import type { RequestSample } from './events.ts';

/**
 * Returns a response in words: its status and, if a condition on the response decided what it stands for, this
 * condition: "429 (200 with errors.0.code BUSY)".
 */
export function answerOf({ status, words }: Pick<RequestSample, 'status' | 'words'>): string {
  if (words === undefined) return statusText(status);
  return isUnserved(status) ? words : `${status} (${words})`;
}
