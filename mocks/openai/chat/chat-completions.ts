import { type Route, route } from '../../../faults/upstream/route.ts';
import { draftReply } from '../../llm/draft.ts';
import { markAnswer, noteReply } from '../../llm/mark-answer.ts';
import { admit } from '../dialect/admit.ts';
import { type AuthenticatedRequest, answer, type Fake } from '../dialect/answer.ts';
import { findModel, refuseUse } from '../dialect/find-model.ts';
import { readBody } from '../dialect/read-body.ts';
import { wholeCompletion } from './completion.ts';
import { type CompletionRequest, completionSchema, findContradiction, questionOf } from './completion-request.ts';
import { streamedCompletion } from './completion-stream.ts';

/**
 * `POST …/chat/completions`, streamed or not. It rejects requests for the following reasons, in this order: an invalid
 * key, an invalid body, an unknown or retired model, options that the model doesn't support, a prompt that exceeds the
 * model's context, and insufficient quotas.
 */
export function chatCompletions(fake: Fake): Route {
  const { basePath, chat, errors } = fake.dialect;
  const schema = completionSchema(chat);
  return route.post(`*${basePath}/chat/completions`, ({ request }) =>
    answer(fake, request, async (authenticated) => {
      const body = await readBody(errors, request, schema, findContradiction);
      return body instanceof Response ? body : respond(fake, authenticated, body.parsed);
    }),
  );
}

function respond(fake: Fake, authenticated: AuthenticatedRequest, wanted: CompletionRequest) {
  const { chat, errors } = fake.dialect;
  const model = findModel(fake, wanted.model, 'text', 'chat/completions');
  if (model instanceof Response) return model;
  const question = questionOf(wanted);
  const limitField = wanted.max_completion_tokens ? 'max_completion_tokens' : wanted.max_tokens && 'max_tokens';
  const options = {
    effort: wanted.reasoning_effort,
    effortField: 'reasoning_effort',
    limitField: limitField || undefined,
  };
  const refusal = refuseUse(fake, { model, question, options, promptField: 'messages' });
  if (refusal) return refusal;

  const marked = markAnswer(fake.state.seed, authenticated.request, question);
  const drafts = Array.from({ length: wanted.n ?? 1 }, () =>
    draftReply(marked, question, fake.state.settings.conversation),
  );
  const replyTokens = drafts.reduce((sum, { tokens }) => sum + tokens.length, 0);
  const admission = {
    model: wanted.model,
    tier: wanted.service_tier,
    requestedTokens: question.promptTokens + Math.max(replyTokens, drafts.length * (question.maxTokens ?? 0)),
    usedTokens: question.promptTokens + replyTokens,
  };
  return admit(fake, authenticated, admission, (particulars) => {
    const failed = drafts.find(({ isCut, calls }) => isCut && (calls.length > 0 || question.format.type !== 'text'));
    const what = failed?.calls.length ? 'function call' : 'JSON';
    const failure = failed && errors.failedGeneration(what, failed.tokens.join(''));
    if (failure) return failure;
    noteReply(authenticated.request, marked, {
      input: question.promptTokens,
      drafts,
      model: particulars.model,
    });
    const usage = chat.usage(question.promptTokens, replyTokens);
    if (!wanted.stream) return wholeCompletion({ chat, drafts, particulars, usage });
    const includesUsage = wanted.stream_options?.include_usage ?? false;
    return streamedCompletion({ chat, drafts, particulars, usage, includesUsage });
  });
}
