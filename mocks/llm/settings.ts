import { z } from 'zod';
import { type Conversation, conversation } from './conversation.ts';

const limit = z.int().min(1).max(1e15).optional().describe('a whole number from 1 to 1e15');
const keys = z.array(z.string().min(1)).default([]).describe('a list of API keys');

/** Limits by quota name. */
type Quotas = Readonly<Record<string, number | undefined>>;

/** The settings shared by all LLM fakes. */
export interface LlmSettings {
  readonly quotas: Quotas;
  readonly models: readonly string[] | Readonly<Record<string, Quotas>>;
  readonly organisations: Readonly<Record<string, { readonly keys: readonly string[]; readonly quotas: Quotas }>>;
  readonly revokedKeys: readonly string[];
  readonly forbiddenKeys: readonly string[];
  readonly conversation?: Conversation | undefined;
}

/**
 * Returns the schema for the settings shared by all LLM fakes. All settings are optional. `names` are the quota names.
 *
 * - `quotas`: the limits for each organization and model. The defaults are too high to be reached by accident.
 * - `models`: either a list of the models to serve, which may include models that the fake doesn't know, or an object
 *   with quotas by model, which override `quotas`. Defaults to all of the provider's models.
 * - `organisations`: for each ID, the keys that share its quotas, and quotas that override those of `models`. Keys that
 *   are not listed belong to `org_proofload`.
 * - `revokedKeys` are rejected with 401, and `forbiddenKeys` with 403.
 * - `conversation`: which tools the model calls. By default, it calls one only if the request requires it.
 */
export function llmSettings(...names: string[]) {
  const allowed = `an object with any of ${names.map((name) => `"${name}"`).join(', ')}`;
  const shape = Object.fromEntries(names.map((name) => [name, limit]));
  const quotas: z.ZodType<Quotas, Quotas> = z
    .strictObject(shape)
    .describe(`${allowed}, each a whole number from 1 to 1e15`);
  return z.strictObject({
    quotas: quotas.default({}),
    models: z
      .union([z.array(z.string().min(1)).min(1), z.record(z.string(), quotas)])
      .default({})
      .describe('a list of the model IDs to serve, or an object with quotas by model ID'),
    organisations: z
      .record(z.string().min(1), z.strictObject({ keys, quotas: quotas.default({}) }))
      .default({})
      .describe('an object by organization ID of objects with "keys" and "quotas"'),
    revokedKeys: keys,
    forbiddenKeys: keys,
    conversation: conversation.optional(),
  });
}

/** The flex tier's capacity in requests per minute. Defaults to null, which means no limit. */
export const flexCapacity = z
  .int()
  .min(0)
  .max(1e9)
  .nullable()
  .default(null)
  .describe('a whole number from 0 to 1e9, or null');

/** Returns an organization's limit for a model, or undefined if the settings have none. */
export function quotaOf(
  { quotas, models, organisations }: LlmSettings,
  { organisation, model, name }: { organisation: string; model: string; name: string },
): number | undefined {
  const ofModel = Array.isArray(models) ? undefined : (models as Readonly<Record<string, Quotas>>)[model];
  return organisations[organisation]?.quotas[name] ?? ofModel?.[name] ?? quotas[name];
}
