import { type Route, route } from '../../faults/upstream/route.ts';
import { answer } from './answer.ts';
import type { Mem0State } from './mem0-state.ts';

/** `GET /v1/ping/`: validates the key and returns its owner. */
export const ping = (state: Mem0State): Route =>
  route.get('*/v1/ping/', ({ request }) =>
    answer(state, request, () => ({
      status: 'ok',
      org_id: 'org_proofload',
      project_id: 'proj_proofload',
      user_email: 'lab@proofload.invalid',
    })),
  );
