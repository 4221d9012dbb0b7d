import { hash } from 'node:crypto';
import { MarkedAnswer } from '../../faults/marks/marked-answer.ts';
import { ANSWERS } from '../../faults/marks/marks.ts';
import type { UpstreamRequest } from '../../faults/upstream/upstream-request.ts';
import type { Draft } from './draft.ts';
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

/** Notes in a request's receipt what its answer is made of: the marked texts, the tool calls, the tokens and the model. */
export function noteReply(
  { note }: Pick<UpstreamRequest, 'note'>,
  { made }: MarkedAnswer,
  { model, input, drafts }: { readonly input: number; readonly drafts: readonly Draft[]; readonly model: string },
): void {
  const output = drafts.reduce((sum, { tokens }) => sum + tokens.length, 0);
  const toolCalls = drafts.flatMap(({ calls }) => calls);
  note?.({ answer: made, usage: [input, output], model, ...(toolCalls.length > 0 && { toolCalls }) });
}
