import { type Condition, type FieldRules, parseCondition } from './conditions.ts';
import { badRequest } from './errors.ts';
import type { Memory } from './memory.ts';

const ENTITY: FieldRules = { allowed: ['eq', 'ne', 'in'], bare: 'eq' };
const TIME: FieldRules = { allowed: ['gt', 'gte', 'lt', 'lte', 'ne', 'in'], bare: 'eq', convert: parseTime };
const TEXT: FieldRules = { allowed: ['contains', 'icontains'], bare: 'icontains' };
const METADATA: FieldRules = { allowed: ['eq', 'ne', 'contains'], bare: 'eq' };

const timeOf = (iso: string | null): number | null => (iso === null ? null : Date.parse(iso));

/** The fields that filters can use, with their operators (docs.mem0.ai/platform/features/v2-memory-filters). */
const FIELDS: Readonly<Record<string, FieldRules & { read(memory: Memory): unknown }>> = {
  user_id: { ...ENTITY, read: ({ entityIds }) => entityIds.user_id },
  agent_id: { ...ENTITY, read: ({ entityIds }) => entityIds.agent_id },
  app_id: { ...ENTITY, read: ({ entityIds }) => entityIds.app_id },
  run_id: { ...ENTITY, read: ({ entityIds }) => entityIds.run_id },
  created_at: { ...TIME, read: ({ created_at }) => timeOf(created_at) },
  updated_at: { ...TIME, read: ({ updated_at }) => timeOf(updated_at) },
  timestamp: { ...TIME, read: ({ created_at }) => timeOf(created_at) },
  expiration_date: { ...TIME, read: ({ expiration_date }) => timeOf(expiration_date) },
  text: { ...TEXT, read: ({ memory }) => memory },
  keywords: { ...TEXT, read: ({ memory }) => memory },
  categories: { allowed: ['in', 'contains'], bare: 'contains', read: ({ categories }) => categories },
  memory_ids: { allowed: ['in'], bare: 'eq', read: ({ id }) => id },
};

/** All keys that filters can contain. */
export const FILTER_KEYS = ['AND', 'OR', 'NOT', ...Object.keys(FIELDS), 'metadata'];

/**
 * Parses a filter's condition on a single field.
 *
 * @throws Mem0Refusal 400 for an unknown field or operator, or an invalid operand
 */
export function parseField(field: string, wanted: unknown): (memory: Memory) => boolean {
  if (field === 'metadata') return parseMetadata(wanted);
  const rules = FIELDS[field];
  if (!rules) {
    throw badRequest(`Top-level key must be a logical operator or an allowed field: ${JSON.stringify(FILTER_KEYS)}`);
  }
  const condition = parseCondition(field, wanted, rules);
  return (memory) => condition(rules.read(memory));
}

function parseMetadata(wanted: unknown): (memory: Memory) => boolean {
  if (wanted === '*') return ({ metadata }) => metadata !== null;
  if (typeof wanted !== 'object' || wanted === null) throw badRequest("'metadata' takes an object");
  const conditions: [string, Condition][] = Object.entries(wanted).map(([key, value]) => [
    key,
    parseCondition(`metadata.${key}`, value, METADATA),
  ]);
  return ({ metadata }) => conditions.every(([key, condition]) => condition(metadata?.[key]));
}

function parseTime(operand: unknown): number {
  // Numbers are in seconds since the epoch.
  const time = typeof operand === 'number' ? operand * 1000 : Date.parse(String(operand));
  if (Number.isNaN(time)) throw badRequest(`Invalid date: ${JSON.stringify(operand)}`);
  return time;
}
