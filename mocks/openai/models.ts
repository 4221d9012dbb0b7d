import type { Catalogue } from '../llm/catalogue.ts';
import type { Model } from './dialect/model.ts';

/** Returns a day in seconds since the epoch, as in `created`. */
const on = (day: string): number => Date.parse(`${day}T00:00:00Z`) / 1000;

const card = (id: string, created: number) => ({ id, object: 'model', created, owned_by: 'system' });

const text = (id: string, created: number, contextWindow: number, maxOutput: number, reasons: boolean): Model => ({
  id,
  card: card(id, created),
  kind: 'text',
  contextWindow,
  maxOutput,
  reasons,
});

const gpt5 = (id: string, created: number): Model => text(id, created, 400_000, 128_000, true);
const gpt41 = (id: string): Model => text(id, on('2025-04-14'), 1_047_576, 32_768, false);
const gpt4 = (id: string, created: number, contextWindow: number): Model =>
  text(id, created, contextWindow, 4_096, false);
const gpt4o = (id: string, created: number): Model => text(id, created, 128_000, 16_384, false);
const o = (id: string, created: number): Model => text(id, created, 200_000, 100_000, true);

const embedding = (id: string, created: number, dimensions: number): Model => ({
  id,
  card: card(id, created),
  kind: 'embedding',
  contextWindow: 8192,
  maxOutput: 0,
  dimensions,
});

// These are the names in the openai package 7.57 that are not deprecated. Dates after 2025 are approximate.
const CURRENT: readonly Model[] = [
  gpt5('gpt-6.1-sol', on('2026-11-01')),
  gpt5('gpt-6.1-terra', on('2026-11-01')),
  gpt5('gpt-6-astra', on('2026-10-01')),
  gpt5('gpt-6-sol', on('2026-10-01')),
  gpt5('gpt-6-luna', on('2026-10-01')),
  gpt5('gpt-5.6-sol', on('2026-07-01')),
  gpt5('gpt-5.6-terra', on('2026-07-01')),
  gpt5('gpt-5.6-luna', on('2026-07-01')),
  gpt5('gpt-5.5', on('2026-04-23')),
  gpt5('gpt-5.4', on('2026-03-05')),
  gpt5('gpt-5.4-mini', on('2026-03-17')),
  gpt5('gpt-5.4-nano', on('2026-03-17')),
  gpt5('gpt-5.2', on('2025-12-11')),
  gpt5('gpt-5.1', on('2025-11-13')),
  gpt5('gpt-5', on('2025-08-07')),
  gpt5('gpt-5-mini', on('2025-08-07')),
  gpt5('gpt-5-nano', on('2025-08-07')),
  gpt41('gpt-4.1'),
  gpt41('gpt-4.1-mini'),
  gpt41('gpt-4.1-nano'),
  gpt4o('gpt-4o', on('2024-05-13')),
  gpt4o('gpt-4o-mini', on('2024-07-18')),
  o('o4-mini', on('2025-04-16')),
  o('o3', on('2025-04-16')),
  gpt41('gpt-4.1-2025-04-14'),
  gpt41('gpt-4.1-mini-2025-04-14'),
  gpt41('gpt-4.1-nano-2025-04-14'),
  gpt4o('gpt-4o-2024-11-20', on('2024-11-20')),
  gpt4o('gpt-4o-2024-08-06', on('2024-08-06')),
  gpt4o('gpt-4o-2024-05-13', on('2024-05-13')),
  gpt4o('gpt-4o-mini-2024-07-18', on('2024-07-18')),
  gpt5('gpt-5-2025-08-07', on('2025-08-07')),
  gpt5('gpt-5-mini-2025-08-07', on('2025-08-07')),
  gpt5('gpt-5-nano-2025-08-07', on('2025-08-07')),
  embedding('text-embedding-3-small', on('2024-01-25'), 1536),
  embedding('text-embedding-3-large', on('2024-01-25'), 3072),
  embedding('text-embedding-ada-002', on('2022-12-15'), 1536),
];

/** Deprecated and retired models that services still use. */
const FORMER: readonly Model[] = [
  gpt4o('chatgpt-4o-latest', on('2024-08-14')),
  text('gpt-5-chat-latest', on('2025-08-07'), 128_000, 16_384, false),
  text('gpt-4.5-preview', on('2025-02-27'), 128_000, 16_384, false),
  gpt4('gpt-4-turbo', on('2024-04-09'), 128_000),
  gpt4('gpt-4-turbo-2024-04-09', on('2024-04-09'), 128_000),
  gpt4('gpt-4-turbo-preview', on('2024-01-25'), 128_000),
  gpt4('gpt-4-1106-preview', on('2023-11-06'), 128_000),
  text('gpt-4', on('2023-06-13'), 8_192, 8_192, false),
  text('gpt-4-0613', on('2023-06-13'), 8_192, 8_192, false),
  gpt4('gpt-3.5-turbo', on('2023-02-28'), 16_385),
  gpt4('gpt-3.5-turbo-0125', on('2024-01-25'), 16_385),
  gpt4('gpt-3.5-turbo-1106', on('2023-11-06'), 16_385),
  gpt4('gpt-3.5-turbo-16k', on('2023-05-10'), 16_385),
  o('o3-mini', on('2025-01-31')),
  o('o1', on('2024-12-17')),
  text('o1-mini', on('2024-09-12'), 128_000, 65_536, true),
  text('o1-preview', on('2024-09-12'), 128_000, 32_768, true),
];

/** OpenAI's models for text and embeddings in November 2026, and earlier ones that services still use. */
export const openAiModels: Catalogue<Model> = {
  models: [...CURRENT, ...FORMER],
  describe: (id) =>
    id.includes('embedding') ? embedding(id, on('2026-01-01'), 3072) : text(id, on('2026-01-01'), 1e6, 128_000, false),
};
