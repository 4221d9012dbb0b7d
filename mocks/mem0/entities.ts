import { type Route, route } from '../../faults/upstream/route.ts';
import { answer } from './answer.ts';
import type { Mem0State } from './mem0-state.ts';
import type { Memory } from './memory.ts';
import { paginate } from './paginate.ts';

/** `GET /v1/entities/`: lists the entities that have memories. */
export const listEntities = (state: Mem0State): Route =>
  route.get('*/v1/entities/', ({ request }) =>
    answer(state, request, () => {
      const entities = state.store.entities().map(({ entity, memories }) => entityView(entity, memories));
      const total = (type: string): number => entities.filter((entity) => entity.type === type).length;
      return {
        ...paginate(entities, request),
        total_users: total('user'),
        total_agents: total('agent'),
        total_apps: total('app'),
        total_runs: total('run'),
      };
    }),
  );

function entityView(entity: string, memories: readonly Memory[]) {
  const [, type = '', name = ''] = /^(\w+)_id ([\s\S]*)$/.exec(entity) ?? [];
  return {
    id: name,
    name,
    created_at: memories[0]?.created_at,
    updated_at: memories.at(-1)?.updated_at,
    total_memories: memories.length,
    owner: 'lab@proofload.invalid',
    metadata: null,
    type,
  };
}
