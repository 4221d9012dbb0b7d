import { TextAnswer } from '../../../faults/upstream/text-answer.ts';
import type { Draft } from '../../llm/draft.ts';
import type { ChatDialect, Particulars } from '../dialect/dialect.ts';

/** A completion's content. */
export interface Completion {
  readonly chat: ChatDialect;
  /** One draft per choice. */
  readonly drafts: readonly Draft[];
  readonly particulars: Particulars;
  readonly usage: object;
}

/** Returns the leading fields that completions and stream chunks have in common. */
export const commonFields = ({ id, created, model }: Particulars) => ({
  id: `chatcmpl-${id}`,
  created,
  model,
  system_fingerprint: 'fp_proofload',
});

/** Returns the ID of a choice's function call. */
export const callId = ({ id }: Particulars, choice: number): string => `call_${id.slice(choice, choice + 9)}`;

/** Returns why a choice ended. */
export const finishReason = ({ call, isCut }: Draft): string => (isCut ? 'length' : call ? 'tool_calls' : 'stop');

/** Returns a completion as a single JSON object. */
export function wholeCompletion({ chat, drafts, particulars, usage }: Completion): TextAnswer {
  const choices = drafts.map((draft, index) => ({
    index,
    message: { role: 'assistant', ...contentOf(draft, callId(particulars, index)), ...chat.message },
    logprobs: null,
    finish_reason: finishReason(draft),
  }));
  const text = JSON.stringify({
    ...commonFields(particulars),
    object: 'chat.completion',
    choices,
    usage,
    service_tier: particulars.tier,
    ...chat.completion(particulars),
  });
  return new TextAnswer(200, 'application/json', text);
}

function contentOf({ call, tokens }: Draft, id: string): object {
  if (!call) return { content: tokens.join('') };
  return { content: null, tool_calls: [{ id, type: 'function', function: call }] };
}
