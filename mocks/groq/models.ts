import { HttpResponse } from 'msw';
import { type Route, route } from '../route.ts';
import { answer } from './answer.ts';
import { groqUnknownModel } from './errors.ts';
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

/** What Groq tells about a model. */
export type GroqModel = ReturnType<typeof model>;

// Those that groq-sdk's types name.
const MODELS: readonly GroqModel[] = [
  model('llama-3.1-8b-instant', 'Meta', 1_693_721_698, 131_072, 131_072),
  model('llama-3.3-70b-versatile', 'Meta', 1_733_447_754, 131_072, 32_768),
  model('openai/gpt-oss-20b', 'OpenAI', 1_754_407_957, 131_072, 65_536),
  model('openai/gpt-oss-120b', 'OpenAI', 1_754_408_224, 131_072, 65_536),
  model('meta-llama/llama-4-scout-17b-16e-instruct', 'Meta', 1_743_874_824, 131_072, 8_192),
  model('meta-llama/llama-4-maverick-17b-128e-instruct', 'Meta', 1_743_877_158, 131_072, 8_192),
  model('meta-llama/llama-guard-4-12b', 'Meta', 1_746_743_847, 131_072, 1_024),
  model('moonshotai/kimi-k2-instruct', 'Moonshot AI', 1_752_435_491, 131_072, 16_384),
  model('qwen/qwen3-32b', 'Alibaba Cloud', 1_748_396_646, 131_072, 40_960),
  model('qwen/qwen3.6-27b', 'Alibaba Cloud', 1_777_000_000, 131_072, 40_960),
  model('qwen/qwen3.8-27b', 'Alibaba Cloud', 1_785_000_000, 131_072, 40_960),
  model('gemma2-9b-it', 'Google', 1_693_721_698, 8_192, 8_192),
  model('compound-beta', 'Groq', 1_740_880_017, 131_072, 8_192),
  model('compound-beta-mini', 'Groq', 1_742_953_279, 131_072, 8_192),
];
const BY_ID = new Map(MODELS.map((known) => [known.id, known]));

/** The model with this id, if Groq has it. */
export const findModel = (id: string): GroqModel | undefined => BY_ID.get(id);

/** `GET /openai/v1/models` */
export const listModels = (state: GroqState): Route =>
  route.get('*/openai/v1/models', ({ request }) =>
    answer(state, request, () => HttpResponse.json({ object: 'list', data: MODELS })),
  );

/** `GET /openai/v1/models/{id}`; the slash of an id may be sent as it is or as `%2F`. */
export const getModel = (state: GroqState): Route =>
  route.get('*/openai/v1/models/*', ({ request }) =>
    answer(state, request, () => {
      const [, id = ''] = new URL(request.url).pathname.split('/openai/v1/models/');
      const found = findModel(id.replaceAll(/%2F/gi, '/'));
      return found ? HttpResponse.json(found) : groqUnknownModel(id);
    }),
  );
