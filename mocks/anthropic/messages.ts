import { HttpResponse } from 'msw';
import type { z } from 'zod';
import { type Route, route } from '../../faults/upstream/route.ts';
import type { Answer } from '../../faults/upstream/text-answer.ts';
import { draftReply } from '../llm/draft.ts';
import { markAnswer, noteReply } from '../llm/mark-answer.ts';
import { parseBody } from '../llm/parse-body.ts';
import { withHeaders } from '../llm/with-headers.ts';
import { type AuthenticatedRequest, answer } from './answer.ts';
import { wholeMessage } from './message.ts';
import {
  type CountRequest,
  countSchemas,
  describeProblem,
  findContradiction,
  findRemovedBlock,
  type MessageRequest,
  messageSchemas,
  promptTokensOf,
  questionOf,
} from './message-request.ts';
import { streamedMessage } from './message-stream.ts';
import { rateLimitHeaders } from './rate-limit-headers.ts';
import { errorResponse, type Refused, refusals } from './refusals.ts';
import type { AnthropicState } from './settings.ts';

/** `POST /v1/messages`, streamed or not. */
export const messages = (state: AnthropicState): Route =>
  route.post('*/v1/messages', ({ request }) =>
    answer(state, request, async (authenticated) => {
      const body = await readBody(authenticated, messageSchemas);
      return 'parsed' in body ? respond(state, authenticated, body.parsed) : body;
    }),
  );

/** `POST /v1/messages/count_tokens`, which has no quota. */
export const countTokens = (state: AnthropicState): Route =>
  route.post('*/v1/messages/count_tokens', ({ request }) =>
    answer(state, request, async (authenticated) => {
      const body = await readBody(authenticated, countSchemas);
      if (!('parsed' in body)) return body;
      if (!state.models.has(body.parsed.model)) return refusals.unknownModel(body.parsed.model);
      return HttpResponse.json({ input_tokens: promptTokensOf(body.parsed) });
    }),
  );

async function readBody<Request extends CountRequest>(
  { request, isNewest }: AuthenticatedRequest,
  { newest, older }: { newest: z.ZodType<Request>; older: z.ZodType<Request> },
): Promise<{ readonly parsed: Request } | Refused> {
  const body = await request.json().catch(() => undefined);
  if (body === undefined) return refusals.invalid('The request body is not valid JSON');
  const contradictionOf = (parsed: Request) =>
    (isNewest ? findRemovedBlock(parsed) : undefined) ?? findContradiction(parsed);
  const result = parseBody(isNewest ? newest : older, body, contradictionOf);
  return 'problem' in result ? refusals.invalid(describeProblem(result.problem)) : result;
}

function respond(
  state: AnthropicState,
  { request, organisation, id }: AuthenticatedRequest,
  wanted: MessageRequest,
): Answer | Refused {
  const model = state.models.get(wanted.model);
  if (!model) return refusals.unknownModel(wanted.model);
  const { max_tokens: limit } = wanted;
  if (limit > model.maxOutput) {
    return refusals.invalid(
      `max_tokens: ${limit} > ${model.maxOutput}, which is the maximum allowed number of output tokens for ${model.id}`,
    );
  }
  const question = questionOf(wanted);
  const { promptTokens } = question;
  if (promptTokens > model.contextWindow) {
    return refusals.invalid(`prompt is too long: ${promptTokens} tokens > ${model.contextWindow} maximum`);
  }

  const marked = markAnswer(state.seed, request, question);
  const draft = draftReply(marked, question, state.settings.conversation);
  const amounts = { requests: 1, 'input tokens': promptTokens, 'output tokens': draft.tokens.length };
  const scope = { organisation, model: model.id, tier: 'standard' };
  const refusal = state.ledger.admit(scope, { requested: amounts, used: amounts });
  const content = { draft, model: model.id, promptTokens, id };
  const succeed = (): Answer => {
    if (!wanted.stream && draft.calls.length > 0 && draft.isCut) marked.cut(0, draft.text.join(''));
    noteReply(request, marked, { input: promptTokens, drafts: [draft], model: model.id });
    return wanted.stream ? streamedMessage(content) : wholeMessage(content);
  };
  const response = refusal ? errorResponse(refusals.quota(refusal), id) : succeed();
  return withHeaders(response, rateLimitHeaders(state.ledger.standing(scope), state.now()));
}
