import { HttpResponse } from 'msw';
import { quotesIn } from '../../../faults/marks/marks.ts';
import { type Route, route } from '../../../faults/upstream/route.ts';
import { TextAnswer } from '../../../faults/upstream/text-answer.ts';
import { draftReply } from '../../llm/draft.ts';
import { markAnswer, noteReply } from '../../llm/mark-answer.ts';
import { admit } from '../dialect/admit.ts';
import { type AuthenticatedRequest, answer, type Fake } from '../dialect/answer.ts';
import { findModel, refuseUse } from '../dialect/find-model.ts';
import { readBody } from '../dialect/read-body.ts';
import { finishedResponse } from './response-object.ts';
import { findContradiction, questionOf, type ResponseRequest, responseSchema, saidIn } from './response-request.ts';
import { streamedResponse } from './response-stream.ts';
import type { StoredResponses } from './stored-responses.ts';

/** `POST …/responses`, streamed or not, and `GET` and `DELETE …/responses/{id}` if the provider keeps responses. */
export function responses(fake: Fake, stored: StoredResponses): Route[] {
  const { basePath, errors, responses: dialect } = fake.dialect;
  const schema = responseSchema(dialect);
  const create = route.post(`*${basePath}/responses`, ({ request }) =>
    answer(fake, request, async (authenticated) => {
      const body = await readBody(errors, request, schema, findContradiction);
      return body instanceof Response ? body : respond(fake, stored, authenticated, body.parsed);
    }),
  );
  if (!dialect.keepsResponses) return [create];

  const single = `*${basePath}/responses/:id`;
  const retrieve = route.get(single, ({ request, params }) =>
    answer(fake, request, ({ organisation }) => {
      const found = stored.get(organisation, String(params.id))?.response;
      if (!found) return errors.unknownResponse(String(params.id));
      request.note?.({ quotes: quotesIn(JSON.stringify(found.output)) });
      return HttpResponse.json(found);
    }),
  );
  const remove = route.delete(single, ({ request, params }) =>
    answer(fake, request, ({ organisation }) => {
      const id = String(params.id);
      if (!stored.delete(organisation, id)) return errors.unknownResponse(id);
      return HttpResponse.json({ id, object: 'response', deleted: true });
    }),
  );
  return [create, retrieve, remove];
}

function respond(fake: Fake, stored: StoredResponses, authenticated: AuthenticatedRequest, wanted: ResponseRequest) {
  const model = findModel(fake, wanted.model, 'text', 'responses');
  if (model instanceof Response) return model;
  const earlierId = wanted.previous_response_id ?? undefined;
  const earlier = earlierId === undefined ? undefined : stored.get(authenticated.organisation, earlierId);
  if (earlierId !== undefined && !earlier) return fake.dialect.errors.unknownResponse(earlierId, true);

  const question = questionOf(wanted, earlier && { tokens: earlier.response.usage.total_tokens, said: earlier.said });
  const options = {
    effort: wanted.reasoning?.effort,
    effortField: 'reasoning.effort',
    limitField: wanted.max_output_tokens ? 'max_output_tokens' : undefined,
  };
  const refusal = refuseUse(fake, { model, question, options, promptField: 'input' });
  if (refusal) return refusal;

  const marked = markAnswer(fake.state.seed, authenticated.request, question);
  const { conversation } = fake.state.settings;
  const draft = draftReply(marked, question, conversation);
  const { promptTokens } = question;
  const admission = {
    model: wanted.model,
    tier: wanted.service_tier,
    requestedTokens: promptTokens + (question.maxTokens ?? draft.tokens.length),
    usedTokens: promptTokens + draft.tokens.length,
  };
  return admit(fake, authenticated, admission, (particulars) => {
    const store = fake.dialect.responses.keepsResponses && wanted.store !== false;
    noteReply(authenticated.request, marked, {
      input: promptTokens,
      drafts: [draft],
      model: particulars.model,
    });
    const content = { wanted: { ...wanted, store }, draft, promptTokens, particulars };
    const finished = finishedResponse(content);
    if (store) {
      const said = conversation ? [...question.said(), ...saidIn(finished.output)] : [];
      stored.add(authenticated.organisation, { response: finished, said });
    }
    return wanted.stream
      ? streamedResponse(content)
      : new TextAnswer(200, 'application/json', JSON.stringify(finished));
  });
}
