import { type Route, route } from '../../faults/upstream/route.ts';
import type { Answer } from '../../faults/upstream/text-answer.ts';
import { type Asked, answer } from './answer.ts';
import { wholeCompletion } from './completion.ts';
import { type CompletionRequest, parseCompletionRequest } from './completion-request.ts';
import { streamedCompletion } from './completion-stream.ts';
import { type Draft, draftCompletion } from './draft.ts';
import { groqFailedGeneration, groqInvalidRequest, groqQuotaRefusal, groqStatusError } from './errors.ts';
import type { GroqState } from './groq-state.ts';
import { findModel, type GroqModel, refuseModel } from './models.ts';
import type { QuotaScope } from './quota-ledger.ts';
import { rateLimitHeaders } from './rate-limit-headers.ts';

/**
 * `POST /openai/v1/chat/completions`, whole and streamed. It refuses, in this order: a bad key, an invalid body, an
 * unknown or retired model, an unsupported reasoning effort, a prompt that exceeds the model's context, and a request
 * that exceeds the quotas.
 */
export const chatCompletions = (state: GroqState): Route =>
  route.post('*/openai/v1/chat/completions', ({ request }) =>
    answer(state, request, async (asked) => {
      const body = await request.json().catch(() => undefined);
      if (body === undefined) return groqInvalidRequest('failed to parse the request body as JSON');
      const wanted = parseCompletionRequest(body);
      if (typeof wanted === 'string') return groqInvalidRequest(wanted);
      const model = findModel(wanted.model);
      if (!model) return refuseModel(wanted.model);
      const effort = refuseEffort(wanted);
      if (effort) return effort;
      const draft = draftCompletion(state.seed, wanted);
      return refuseTooLong(model, wanted, draft) ?? admit(state, asked, wanted, draft);
    }),
  );

/** gpt-oss always reasons, so it does not support the effort `none`; other models do. */
function refuseEffort({ model, reasoning_effort: effort }: CompletionRequest): Response | undefined {
  const isKnown = effort === undefined || effort === null || ['low', 'medium', 'high'].includes(String(effort));
  if (isKnown || !model.startsWith('openai/gpt-oss-')) return undefined;
  const param = 'reasoning_effort';
  return groqInvalidRequest(`\`${param}\` must be one of \`low\`, \`medium\`, or \`high\``, { param });
}

function refuseTooLong(model: GroqModel, wanted: CompletionRequest, { usage }: Draft): Response | undefined {
  const param = wanted.max_completion_tokens ? 'max_completion_tokens' : 'max_tokens';
  if ((wanted[param] ?? 0) > model.max_completion_tokens) {
    return groqInvalidRequest(
      `\`${param}\` must be less than or equal to \`${model.max_completion_tokens}\`, the maximum value for \`${param}\` is less than the \`context_window\` for this model`,
      { param },
    );
  }
  if (usage.prompt_tokens <= model.context_window) return undefined;
  return groqInvalidRequest('Please reduce the length of the messages or completion.', {
    code: 'context_length_exceeded',
    param: 'messages',
  });
}

function admit(state: GroqState, { organisation, id }: Asked, wanted: CompletionRequest, draft: Draft): Answer {
  const tier = wanted.service_tier && wanted.service_tier !== 'auto' ? wanted.service_tier : 'on_demand';
  if (tier === 'flex' && !state.ledger.admitFlex()) return groqStatusError(498);

  const scope: QuotaScope = { organisation, model: wanted.model, tier };
  const refusal = state.ledger.admit(scope, { requested: draft.requestedTokens, used: draft.usage.total_tokens });
  const response = refusal
    ? groqQuotaRefusal(refusal)
    : complete(draft, { id, created: Math.floor(state.now() / 1000), wanted, tier });
  const headers = rateLimitHeaders(state.ledger.standing(scope), refusal?.waitMs);
  for (const [name, value] of Object.entries(headers)) response.headers.set(name, value);
  return response;
}

function complete(draft: Draft, particulars: Parameters<typeof wholeCompletion>[1]): Answer {
  if (draft.failure) return groqFailedGeneration(draft.failure, draft.tokens.join(''));
  return particulars.wanted.stream ? streamedCompletion(draft, particulars) : wholeCompletion(draft, particulars);
}
