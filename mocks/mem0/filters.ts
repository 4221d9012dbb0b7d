import { badRequest } from './errors.ts';
import { FILTER_KEYS, parseField } from './filter-fields.ts';
import { type EntityIds, entitiesOf, entityIdNames, type Memory } from './memory.ts';
import type { Selection } from './memory-store.ts';

type Test = (memory: Memory) => boolean;

/**
 * Parses filters, which consist of conditions on fields that must all hold, and of `AND`, `OR` and `NOT` with nested
 * filters. They must contain at least one entity ID (docs.mem0.ai/platform/features/v2-memory-filters).
 *
 * @throws Mem0Refusal 400 if the filters are invalid
 */
export function parseFilters(filters: unknown): Selection {
  if (!isObject(filters)) throw badRequest("'filters' is required and must be an object");
  const matches = parseAll(filters);
  if (!namesEntity(filters)) {
    throw badRequest(`At least one entity id is required in filters: ${entityIdNames.join(', ')}`);
  }
  return { entity: narrow(filters), matches };
}

/**
 * Selects the memories that belong to all of the given entities.
 *
 * @throws Mem0Refusal 400 if there is no entity
 */
export function selectEntities(ids: EntityIds): Selection {
  const entities = entitiesOf(ids);
  if (entities.length === 0) {
    throw badRequest('At least one of the filters: agent_id, user_id, app_id, run_id is required!');
  }
  return {
    entity: entities[0],
    matches: ({ entityIds }) => entityIdNames.every((name) => ids[name] === undefined || entityIds[name] === ids[name]),
  };
}

function parseAll(filters: object): Test {
  const tests = Object.entries(filters).map(([key, wanted]): Test => {
    if (key !== 'AND' && key !== 'OR' && key !== 'NOT') return parseField(key, wanted);
    const inner = innerOf(key, wanted).map(parseAll);
    if (key === 'AND') return (memory) => inner.every((test) => test(memory));
    if (key === 'OR') return (memory) => inner.some((test) => test(memory));
    return (memory) => !inner.some((test) => test(memory));
  });
  return (memory) => tests.every((test) => test(memory));
}

function innerOf(key: string, wanted: unknown): object[] {
  const inner: unknown[] = [wanted].flat();
  if (inner.length > 0 && inner.every(isObject)) return inner;
  throw badRequest(`'${key}' takes a list of filters with keys of ${JSON.stringify(FILTER_KEYS)}`);
}

function namesEntity(filters: object): boolean {
  return Object.entries(filters).some(
    ([key, wanted]) =>
      entityIdNames.some((name) => name === key) ||
      [wanted].flat().some((inner) => isObject(inner) && namesEntity(inner)),
  );
}

/**
 * Returns an entity that all matching memories belong to, if there is one. In this case, only its memories have to be
 * searched.
 */
function narrow(filters: object): string | undefined {
  for (const [key, wanted] of Object.entries(filters)) {
    const name = entityIdNames.find((candidate) => candidate === key);
    if (name && typeof wanted === 'string' && wanted !== '*') return entitiesOf({ [name]: wanted })[0];
    const inner = key === 'AND' ? innerOf(key, wanted).map(narrow) : [];
    const entity = inner.find((candidate) => candidate !== undefined);
    if (entity !== undefined) return entity;
  }
  return undefined;
}

const isObject = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
