import type { z } from 'zod';
import type { LlmState } from '../llm/llm-state.ts';
import { MINUTE, type QuotaRule } from '../llm/quota-ledger.ts';
import { llmSettings } from '../llm/settings.ts';
import type { AnthropicModel } from './models.ts';

/**
 * The settings for the Anthropic fake (see `llmSettings`). There are quotas for requests, input tokens and output
 * tokens per minute.
 */
export const anthropicSettings = llmSettings('rpm', 'itpm', 'otpm');

/** Validated settings. */
export type AnthropicSettings = z.output<typeof anthropicSettings>;

/** Settings before validation. */
export type AnthropicSettingsInput = z.input<typeof anthropicSettings>;

/** The fake's state. */
export type AnthropicState = LlmState<AnthropicSettings, AnthropicModel>;

/** The quotas by name. The defaults are too high to be reached by accident. */
export const QUOTA_RULES = [
  { name: 'rpm', windowMs: MINUTE, counts: 'requests', limit: 1e7 },
  { name: 'itpm', windowMs: MINUTE, counts: 'input tokens', limit: 1e9 },
  { name: 'otpm', windowMs: MINUTE, counts: 'output tokens', limit: 1e9 },
] as const satisfies readonly QuotaRule[];
