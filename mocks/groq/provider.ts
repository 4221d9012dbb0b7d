import type { Provider } from '../../faults/fakes/provider.ts';
import { createGroq } from './groq.ts';
import { groqSettings } from './settings.ts';

/** Groq's chat completions. */
export const groq: Provider<typeof groqSettings> = {
  origin: 'https://api.groq.com',
  settings: groqSettings,
  create: ({ seed, settings }) => createGroq({ seed, ...settings }),
  usage: { api: 'LLM API', setting: 'GROQ_BASE_URL', basePath: '/openai/v1', breaker: 'llm' },
};
