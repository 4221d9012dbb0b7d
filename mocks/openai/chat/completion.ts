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

/** Returns the function calls of a choice in the API's format. */
export const callsOf = ({ id }: Particulars, choice: number, { calls }: Draft) =>
  calls.map((call, index) => ({
    id: `call_${id.slice(0, 9)}${choice + index > 0 ? `_${choice}_${index}` : ''}`,
    type: 'function',
    function: call,
  }));

/** Returns why a choice ended. */
export const finishReason = ({ calls, isCut }: Draft): string =>
  isCut ? 'length' : calls.length > 0 ? 'tool_calls' : 'stop';

/** Returns a completion as a single JSON object. */
export function wholeCompletion({ chat, drafts, particulars, usage }: Completion): TextAnswer {
  const choices = drafts.map((draft, index) => ({
    index,
    message: { role: 'assistant', ...contentOf(draft, callsOf(particulars, index, draft)), ...chat.message },
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

function contentOf({ text }: Draft, tool_calls: readonly object[]): object {
  if (tool_calls.length === 0) return { content: text.join('') };
  return { content: text.length > 0 ? text.join('') : null, tool_calls };
}
