import { TextAnswer } from '../../faults/upstream/text-answer.ts';
import type { CompletionRequest } from './completion-request.ts';
import type { Draft } from './draft.ts';

/** What a completion's parts have in common, streamed or not. */
export interface Particulars {
  /** The request's id, without a prefix. */
  readonly id: string;
  /** Epoch seconds. */
  readonly created: number;
  readonly wanted: CompletionRequest;
  readonly tier: string;
}

/** The fields with which a completion and each chunk of a stream begin. */
export const commonFields = ({ id, created, wanted }: Particulars) => ({
  id: `chatcmpl-${id}`,
  created,
  model: wanted.model,
  system_fingerprint: 'fp_proofload',
});

/** A draft's function call as the API tells it. */
export const toolCalls = ({ call }: Draft, { id }: Particulars) =>
  call && [{ id: `call_${id.slice(0, 9)}`, type: 'function', function: call }];

/** A completion as one JSON object. */
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
