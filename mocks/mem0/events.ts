import { type Route, route } from '../../faults/upstream/route.ts';
import { answer } from './answer.ts';
import { itemError } from './errors.ts';
import type { Mem0State } from './mem0-state.ts';
import { paginate } from './paginate.ts';

/** `GET /v1/event/{id}/` and `GET /v1/events/`. Events are sorted from newest to oldest. */
export const eventRoutes = (state: Mem0State): Route[] => [
  route.get('*/v1/event/:id/', ({ request, params }) =>
    answer(state, request, () => {
      const event = state.events.get(String(params.id));
      if (!event) throw itemError(404, "Event not found or you don't have permission to access it.");
      return event;
    }),
  ),
  route.get('*/v1/events/', ({ request }) =>
    answer(state, request, () => ({ ...paginate(state.events.list(), request) })),
  ),
];
