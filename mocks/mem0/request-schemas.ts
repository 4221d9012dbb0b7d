import { z } from 'zod';
import { badRequest } from './errors.ts';
import { type EntityIds, entityIdNames } from './memory.ts';

// Older SDKs send null for a missing ID.
const entityId = z
  .string()
  .min(1)
  .nullish()
  .transform((id) => id ?? undefined);
const metadata = z.record(z.string(), z.unknown()).nullish();
const date = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}/, 'Date has wrong format. Use one of these formats instead: YYYY-MM-DD.')
  .nullish();

/** The four entity IDs, all optional. */
export const entityIds = { user_id: entityId, agent_id: entityId, app_id: entityId, run_id: entityId };

/** The body of an addition, in all versions of the API. */
export const additionSchema = z.looseObject({
  ...entityIds,
  messages: z.array(z.looseObject({ role: z.string(), content: z.unknown() })).min(1),
  metadata,
  expiration_date: date,
  infer: z.boolean().default(true),
  async_mode: z.boolean().default(true),
  output_format: z.string().nullish(),
});

/** The fields of a search, in addition to the entity IDs. */
export const searchSchema = z.looseObject({
  query: z.string().min(1),
  top_k: z.int().min(1).max(1000).default(10),
  threshold: z.number().min(0).max(1).default(0.1),
  categories: z.array(z.string()).optional(),
  metadata,
  fields: z.array(z.string()).nullish(),
  show_expired: z.boolean().default(false),
  output_format: z.string().nullish(),
});

/** The fields of a list request, in addition to the entity IDs. */
export const listSchema = z.looseObject({
  categories: z.array(z.string()).optional(),
  fields: z.array(z.string()).nullish(),
  start_date: date,
  end_date: date,
  show_expired: z.boolean().default(false),
  page: z.int().optional(),
  page_size: z.int().optional(),
});

/** The changes to a memory. `text` is its new text. */
export const changesSchema = z.looseObject({ text: z.string().min(1).optional(), metadata, expiration_date: date });

/** @throws Mem0Refusal 400 if entity IDs are next to `filters` instead of inside it (version 3) */
export function refuseTopLevelEntities(body: unknown, what: string): void {
  const misplaced = entityIdNames.filter((name) => Object.hasOwn(Object(body), name));
  if (misplaced.length === 0) return;
  throw badRequest(
    `Top-level entity parameters are not supported in ${what}: ${misplaced.join(', ')}. Use filters, for example {"filters": {"user_id": "..."}}.`,
  );
}

/** Returns the entity IDs in a query string. */
export function entityIdsOfQuery(request: Pick<Request, 'url'>): EntityIds {
  const { searchParams } = new URL(request.url);
  return Object.fromEntries([...searchParams].filter(([name]) => entityIdNames.some((known) => known === name)));
}
