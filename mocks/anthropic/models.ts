import type { Catalogue, LlmModel } from '../llm/catalogue.ts';

/** An Anthropic model. */
export type AnthropicModel = LlmModel & { readonly card: { readonly id: string } };

const model = (id: string, display_name: string, day: string, contextWindow: number, maxOutput: number) => ({
  id,
  card: {
    type: 'model',
    id,
    display_name,
    created_at: `${day}T00:00:00Z`,
    capabilities: null,
    deprecated_at: null,
    lifecycle: 'active',
    line: null,
    max_input_tokens: contextWindow,
    max_tokens: maxOutput,
    retires_at: null,
  },
  contextWindow,
  maxOutput,
});

/**
 * Anthropic's models in November 2026, newest first. The names come from the package @anthropic-ai/sdk 1.14. The dates
 * after 2025 and the limits are approximate.
 */
export const anthropicModels: Catalogue<AnthropicModel> = {
  models: [
    model('claude-fable-5-2', 'Claude Fable 5.2', '2026-11-01', 1_000_000, 128_000),
    model('claude-mythos-5-2', 'Claude Mythos 5.2', '2026-11-01', 1_000_000, 128_000),
    model('claude-haiku-5-5', 'Claude Haiku 5.5', '2026-10-15', 200_000, 64_000),
    model('claude-sonnet-5-5', 'Claude Sonnet 5.5', '2026-10-15', 1_000_000, 128_000),
    model('claude-opus-5-5', 'Claude Opus 5.5', '2026-10-01', 1_000_000, 128_000),
    model('claude-sonnet-5', 'Claude Sonnet 5', '2026-06-01', 1_000_000, 128_000),
    model('claude-opus-5', 'Claude Opus 5', '2026-06-01', 1_000_000, 128_000),
    model('claude-opus-4-8', 'Claude Opus 4.8', '2026-05-01', 1_000_000, 128_000),
    model('claude-opus-4-6', 'Claude Opus 4.6', '2026-02-04', 1_000_000, 128_000),
    model('claude-sonnet-4-6', 'Claude Sonnet 4.6', '2026-02-17', 1_000_000, 64_000),
    model('claude-opus-4-5-20251101', 'Claude Opus 4.5', '2025-11-24', 200_000, 64_000),
    model('claude-haiku-4-5-20251001', 'Claude Haiku 4.5', '2025-10-15', 200_000, 64_000),
    model('claude-sonnet-4-5-20250929', 'Claude Sonnet 4.5', '2025-09-29', 200_000, 64_000),
    // Names without a date are valid as well.
    model('claude-opus-4-5', 'Claude Opus 4.5', '2025-11-24', 200_000, 64_000),
    model('claude-haiku-4-5', 'Claude Haiku 4.5', '2025-10-15', 200_000, 64_000),
    model('claude-sonnet-4-5', 'Claude Sonnet 4.5', '2025-09-29', 200_000, 64_000),
  ],
  describe: (id) => model(id, id, '2026-01-01', 1_000_000, 128_000),
};
