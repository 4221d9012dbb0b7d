import { z } from 'zod';

const limit = z.int().min(1).max(1e15).optional().describe('a whole number from 1 to 1e15');
const quotas = z
  .strictObject({ rpm: limit, rpd: limit, tpm: limit, tpd: limit })
  .describe('an object with any of "rpm", "rpd", "tpm", "tpd", each a whole number from 1 to 1e15');
const keys = z.array(z.string().min(1)).default([]).describe('a list of API keys');

/**
 * The settings of the fake of Groq. All are optional.
 *
 * - `quotas`: requests and tokens per minute and per day of each organisation and model; default: `DEFAULT_QUOTAS`
 * - `models`: quotas by model; they override `quotas`
 * - `organisations`: by id, the keys that share its quotas, and quotas that override those of `models`. Keys that are
 *   not listed belong to `org_proofload`
 * - `revokedKeys`: refused with 401; `forbiddenKeys`: refused with 403
 * - `flexCapacity`: requests per minute of the flex tier, further ones get 498; default: null, no limit
 */
export const groqSettings = z.strictObject({
  quotas: quotas.default({}),
  models: z.record(z.string(), quotas).default({}).describe('an object of quotas by model'),
  organisations: z
    .record(z.string().min(1), z.strictObject({ keys, quotas: quotas.default({}) }))
    .default({})
    .describe('an object by organisation id of objects with "keys" and "quotas"'),
  revokedKeys: keys,
  forbiddenKeys: keys,
  flexCapacity: z.int().min(0).max(1e9).nullable().default(null).describe('a whole number from 0 to 1e9, or null'),
});

/** Validated settings of the fake of Groq. */
export type GroqSettings = z.output<typeof groqSettings>;

/** Settings before validation. */
export type GroqSettingsInput = z.input<typeof groqSettings>;

/** Requests and tokens per minute and per day, as Groq names them. */
export type QuotaName = 'rpm' | 'rpd' | 'tpm' | 'tpd';
export type Quotas = Readonly<Record<QuotaName, number>>;

/** So high that no one reaches them by accident: 160 000 requests per second of 6 000 tokens per minute each. */
const DEFAULT_QUOTAS: Quotas = { rpm: 1e7, rpd: 1e9, tpm: 1e9, tpd: 1e12 };

/**
 * Returns the quotas of an organisation for a model; those of the flex tier are ten times as high
 * (console.groq.com/docs/flex-processing).
 */
export function quotasOf(settings: GroqSettings, organisation: string, model: string, tier: string): Quotas {
  const quotas = {
    ...DEFAULT_QUOTAS,
    ...settings.quotas,
    ...settings.models[model],
    ...settings.organisations[organisation]?.quotas,
  } as Quotas;
  const factor = tier === 'flex' ? 10 : 1;
  return {
    rpm: quotas.rpm * factor,
    rpd: quotas.rpd * factor,
    tpm: quotas.tpm * factor,
    tpd: quotas.tpd * factor,
  };
}
