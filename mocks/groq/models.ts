import { HttpResponse } from 'msw';
import { type Route, route } from '../../faults/upstream/route.ts';
import { answer } from './answer.ts';
import { groqDecommissionedModel, groqUnknownModel } from './errors.ts';
import type { GroqState } from './groq-state.ts';

const model = (
  id: string,
  owned_by: string,
  created: number,
  context_window: number,
  max_completion_tokens: number,
) => ({
  id,
  object: 'model',
  created,
  owned_by,
  active: true,
  context_window,
  public_apps: null,
  max_completion_tokens,
});

/** A model in the API's format. */
export type GroqModel = ReturnType<typeof model>;

// The text models of console.groq.com/docs/models in November 2026.
const MODELS: readonly GroqModel[] = [
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
const BY_ID = new Map(MODELS.map((known) => [known.id, known]));

/**
 * Retired models that Groq refuses with 400 `model_decommissioned`. For models retired in July and August 2026
 * (`llama-3.1-8b-instant`, `llama-3.3-70b-versatile`, `qwen/qwen3-32b`, Llama 4 Scout) it responds 404, as for unknown
 * models.
 */
const DECOMMISSIONED: ReadonlySet<string> = new Set([
  'deepseek-r1-distill-llama-70b',
  'gemma2-9b-it',
  'llama3-8b-8192',
  'llama3-70b-8192',
  'meta-llama/llama-4-maverick-17b-128e-instruct',
  'mixtral-8x7b-32768',
  'moonshotai/kimi-k2-instruct',
]);

/** Returns the model with this id, if Groq has it. */
export const findModel = (id: string): GroqModel | undefined => BY_ID.get(id);

/** Returns Groq's refusal of a model that {@link findModel} does not find. */
export const refuseModel = (id: string): Response =>
  DECOMMISSIONED.has(id) ? groqDecommissionedModel(id) : groqUnknownModel(id);

/** `GET /openai/v1/models` */
export const listModels = (state: GroqState): Route =>
  route.get('*/openai/v1/models', ({ request }) =>
    answer(state, request, () => HttpResponse.json({ object: 'list', data: MODELS })),
  );

/** `GET /openai/v1/models/{id}`; the slash in an id may be encoded as `%2F`. */
export const getModel = (state: GroqState): Route =>
  route.get('*/openai/v1/models/*', ({ request }) =>
    answer(state, request, () => {
      const [, id = ''] = new URL(request.url).pathname.split('/openai/v1/models/');
      const found = findModel(id.replaceAll(/%2F/gi, '/'));
      return found ? HttpResponse.json(found) : groqUnknownModel(id);
    }),
  );
