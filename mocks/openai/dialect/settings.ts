import type { z } from 'zod';
import { DAY, MINUTE, type QuotaRule } from '../../llm/quota-ledger.ts';
import { flexCapacity, llmSettings } from '../../llm/settings.ts';

/**
 * The settings for a fake with an OpenAI-compatible API (see `llmSettings`). There are quotas for requests and tokens
 * per minute and per day.
 */
export const dialectSettings = llmSettings('rpm', 'rpd', 'tpm', 'tpd').extend({ flexCapacity });

/** Validated settings. */
export type DialectSettings = z.output<typeof dialectSettings>;

/** Settings before validation. */
export type DialectSettingsInput = z.input<typeof dialectSettings>;

/** The quotas by name. The defaults are too high to be reached by accident. */
export const QUOTA_RULES = [
  { name: 'rpm', windowMs: MINUTE, counts: 'requests', limit: 1e7 },
  { name: 'rpd', windowMs: DAY, counts: 'requests', limit: 1e9 },
  { name: 'tpm', windowMs: MINUTE, counts: 'tokens', limit: 1e9 },
  { name: 'tpd', windowMs: DAY, counts: 'tokens', limit: 1e12 },
] as const satisfies readonly QuotaRule[];
