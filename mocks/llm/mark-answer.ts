import { hash } from 'node:crypto';
import { MarkedAnswer } from '../../faults/marks/marked-answer.ts';
import { ANSWERS } from '../../faults/marks/marks.ts';
import type { UpstreamRequest } from '../../faults/upstream/upstream-request.ts';
import type { Question } from './question.ts';

/**
 * Begins the answer to a request. Its texts depend on its number, the seed and the prompt. Without receipts, the number
 * depends on the seed and the prompt.
 */
export function markAnswer(
  seed: string,
  { number }: Pick<UpstreamRequest, 'number'>,
  { prompt }: Question,
): MarkedAnswer {
  const dice = hash('sha256', JSON.stringify([seed, prompt]), 'buffer');
  return new MarkedAnswer(number ?? dice.readUInt32LE() % ANSWERS, dice);
}

/** Notes in a request's receipt what its answer is made of: the marked texts, the tokens and the model. */
export function noteReply(
  { note }: Pick<UpstreamRequest, 'note'>,
  { made }: MarkedAnswer,
  { model, input, output }: { readonly input: number; readonly output: number; readonly model: string },
): void {
  note?.({ answer: made, usage: [input, output], model });
}
