import { TextAnswer } from '../../faults/upstream/text-answer.ts';
import type { CompletionRequest } from './completion-request.ts';
import type { Draft } from './draft.ts';

/** The data that all parts of a completion share, streamed or not. */
export interface Particulars {
  /** The request's id without prefix. */
  readonly id: string;
  /** Epoch seconds. */
  readonly created: number;
  readonly wanted: CompletionRequest;
  readonly tier: string;
}

/** Returns the common first fields of a completion and of each chunk of a stream. */
export const commonFields = ({ id, created, wanted }: Particulars) => ({
  id: `chatcmpl-${id}`,
  created,
  model: wanted.model,
  system_fingerprint: 'fp_proofload',
});

/** Returns a draft's function call in the API's format. */
export const toolCalls = ({ call }: Draft, { id }: Particulars) =>
  call && [{ id: `call_${id.slice(0, 9)}`, type: 'function', function: call }];

/** Returns a completion as one JSON object. */
export function wholeCompletion(draft: Draft, particulars: Particulars): TextAnswer {
  const tool_calls = toolCalls(draft, particulars);
  const text = JSON.stringify({
    ...commonFields(particulars),
    object: 'chat.completion',
    choices: [
      {
        index: 0,
        message: {
          role: 'assistant',
          ...(tool_calls ? { content: null, tool_calls } : { content: draft.tokens.join('') }),
        },
        logprobs: null,
        finish_reason: draft.finishReason,
      },
    ],
    usage: draft.usage,
    service_tier: particulars.tier,
    x_groq: { id: `req_${particulars.id}` },
  });
  return new TextAnswer(200, 'application/json', text);
}
