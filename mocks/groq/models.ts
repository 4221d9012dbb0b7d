import { type HttpHandler, HttpResponse, http } from 'msw';
import { refuseUnauthenticated } from './authentication.ts';

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

const MODELS = [
  model('llama-3.1-8b-instant', 'Meta', 1_693_721_698, 131_072, 131_072),
  model('llama-3.3-70b-versatile', 'Meta', 1_733_447_754, 131_072, 32_768),
  model('openai/gpt-oss-20b', 'OpenAI', 1_754_407_957, 131_072, 65_536),
  model('openai/gpt-oss-120b', 'OpenAI', 1_754_408_224, 131_072, 65_536),
];

/** Whether Groq serves this model. */
export const isKnownModel = (id: string): boolean => MODELS.some((known) => known.id === id);

/** `GET /openai/v1/models` */
export const listModels: HttpHandler = http.get('*/openai/v1/models', ({ request }) => {
  return refuseUnauthenticated(request) ?? HttpResponse.json({ object: 'list', data: MODELS });
});
