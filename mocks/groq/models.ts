import type { Catalogue } from '../llm/catalogue.ts';
import type { Model } from '../openai/dialect/model.ts';

const model = (id: string, owned_by: string, created: number, contextWindow: number, maxOutput: number): Model => ({
  id,
  card: {
    id,
    object: 'model',
    created,
    owned_by,
    active: true,
    context_window: contextWindow,
    public_apps: null,
    max_completion_tokens: maxOutput,
  },
  kind: 'text',
  contextWindow,
  maxOutput,
});

const MODELS: readonly Model[] = [
  model('openai/gpt-oss-20b', 'OpenAI', 1_754_407_957, 131_072, 65_536),
  model('openai/gpt-oss-120b', 'OpenAI', 1_754_408_224, 131_072, 65_536),
  model('openai/gpt-oss-safeguard-20b', 'OpenAI', 1_761_708_789, 131_072, 65_536),
  model('qwen/qwen3.6-27b', 'Alibaba Cloud', 1_777_000_000, 131_072, 16_384),
  model('groq/compound', 'Groq', 1_756_949_530, 131_072, 8_192),
  model('groq/compound-mini', 'Groq', 1_756_949_707, 131_072, 8_192),
  model('allam-2-7b', 'SDAIA', 1_737_672_203, 4_096, 4_096),
  model('meta-llama/llama-prompt-guard-2-22m', 'Meta', 1_748_632_101, 512, 512),
  model('meta-llama/llama-prompt-guard-2-86m', 'Meta', 1_748_632_165, 512, 512),
];

/**
 * Models that Groq retired in July and August 2026, and responds to with 404 `model_not_found`. Services still use them,
 * so the fake serves them: a service is not to fail all of its checks because of that. A list of `models` leaves them out.
 */
const FORMER: readonly Model[] = [
  model('llama-3.1-8b-instant', 'Meta', 1_693_721_698, 131_072, 131_072),
  model('llama-3.3-70b-versatile', 'Meta', 1_733_447_754, 131_072, 32_768),
  model('meta-llama/llama-4-scout-17b-16e-instruct', 'Meta', 1_743_874_824, 131_072, 8_192),
  model('qwen/qwen3-32b', 'Alibaba Cloud', 1_748_396_646, 131_072, 40_960),
];

/** The text models listed at console.groq.com/docs/models in November 2026, and those retired shortly before. */
export const groqModels: Catalogue<Model> = {
  models: [...MODELS, ...FORMER],
  describe: (id) => model(id, 'Groq', 1_754_407_957, 131_072, 65_536),
};

/** Models that were retired earlier, and that Groq rejects with 400 `model_decommissioned`. */
export const DECOMMISSIONED: ReadonlySet<string> = new Set([
  'deepseek-r1-distill-llama-70b',
  'gemma2-9b-it',
  'llama3-8b-8192',
  'llama3-70b-8192',
  'meta-llama/llama-4-maverick-17b-128e-instruct',
  'mixtral-8x7b-32768',
  'moonshotai/kimi-k2-instruct',
]);
