import { HttpResponse } from 'msw';
import { type Route, route } from '../../faults/upstream/route.ts';
import { answer } from './answer.ts';
import { refusals } from './refusals.ts';
import type { AnthropicState } from './settings.ts';

const USUAL_PAGE = 20;
const MOST_PER_PAGE = 1000;

/** `GET /v1/models`: a page of models, selected by `limit`, `after_id` and `before_id`. */
export const listModels = (state: AnthropicState): Route =>
  route.get('*/v1/models', ({ request }) =>
    answer(state, request, () => {
      const { searchParams } = new URL(request.url);
      const limit = Number(searchParams.get('limit') ?? USUAL_PAGE);
      if (!Number.isInteger(limit) || limit < 1 || limit > MOST_PER_PAGE) {
        return refusals.invalid(`limit: Input should be an integer from 1 to ${MOST_PER_PAGE}`);
      }
      const all = [...state.models.values()].map(({ card }) => card);
      const after = all.findIndex(({ id }) => id === searchParams.get('after_id')) + 1;
      const before = all.findIndex(({ id }) => id === searchParams.get('before_id'));
      const end = before >= 0 ? before : Math.min(after + limit, all.length);
      const start = before >= 0 ? Math.max(0, before - limit) : after;
      const data = all.slice(start, end);
      return HttpResponse.json({
        data,
        has_more: before >= 0 ? start > 0 : end < all.length,
        first_id: data[0]?.id ?? null,
        last_id: data.at(-1)?.id ?? null,
      });
    }),
  );

/** `GET /v1/models/{id}` */
export const getModel = (state: AnthropicState): Route =>
  route.get('*/v1/models/:id', ({ request, params }) =>
    answer(state, request, () => {
      const id = String(params.id);
      const found = state.models.get(id);
      return found ? HttpResponse.json(found.card) : refusals.unknownModel(id);
    }),
  );
