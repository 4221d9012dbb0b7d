import type { Catalogue, LlmModel } from '../llm/catalogue.ts';

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

/** Deprecated and retired models that services still use. */
const FORMER: readonly AnthropicModel[] = [
  model('claude-opus-4-1-20250805', 'Claude Opus 4.1', '2025-08-05', 200_000, 32_000),
  model('claude-opus-4-1', 'Claude Opus 4.1', '2025-08-05', 200_000, 32_000),
  model('claude-opus-4-20250514', 'Claude Opus 4', '2025-05-22', 200_000, 32_000),
  model('claude-opus-4-0', 'Claude Opus 4', '2025-05-22', 200_000, 32_000),
  model('claude-sonnet-4-20250514', 'Claude Sonnet 4', '2025-05-22', 200_000, 64_000),
  model('claude-sonnet-4-0', 'Claude Sonnet 4', '2025-05-22', 200_000, 64_000),
  model('claude-3-7-sonnet-20250219', 'Claude Sonnet 3.7', '2025-02-24', 200_000, 64_000),
  model('claude-3-7-sonnet-latest', 'Claude Sonnet 3.7', '2025-02-24', 200_000, 64_000),
  model('claude-3-5-sonnet-20241022', 'Claude Sonnet 3.5', '2024-10-22', 200_000, 8_192),
  model('claude-3-5-sonnet-20240620', 'Claude Sonnet 3.5', '2024-06-20', 200_000, 8_192),
  model('claude-3-5-sonnet-latest', 'Claude Sonnet 3.5', '2024-10-22', 200_000, 8_192),
  model('claude-3-5-haiku-20241022', 'Claude Haiku 3.5', '2024-10-22', 200_000, 8_192),
  model('claude-3-5-haiku-latest', 'Claude Haiku 3.5', '2024-10-22', 200_000, 8_192),
  model('claude-3-opus-20240229', 'Claude Opus 3', '2024-02-29', 200_000, 4_096),
  model('claude-3-opus-latest', 'Claude Opus 3', '2024-02-29', 200_000, 4_096),
  model('claude-3-sonnet-20240229', 'Claude Sonnet 3', '2024-02-29', 200_000, 4_096),
  model('claude-3-haiku-20240307', 'Claude Haiku 3', '2024-03-07', 200_000, 4_096),
];

/**
 * Anthropic's models in November 2026, newest first, and earlier ones. The names come from the package @anthropic-ai/sdk 1.14. The dates
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
    ...FORMER,
  ],
  describe: (id) => model(id, id, '2026-01-01', 1_000_000, 128_000),
};
