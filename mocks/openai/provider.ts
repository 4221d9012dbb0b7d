import type { Provider } from '../../faults/fakes/provider.ts';
import { dialectSettings } from './dialect/settings.ts';

/** OpenAI's chat completions, responses and embeddings. */
export const openai: Provider<typeof dialectSettings> = {
  origin: 'https://api.openai.com',
  settings: dialectSettings,
  create: async ({ seed, settings }) => (await import('./openai.ts')).createOpenAi({ seed, ...settings }),
  needsBody: true,
  usage: {
    setting: 'OPENAI_BASE_URL',
    keySetting: 'OPENAI_API_KEY',
    basePath: '/v1',
    packages: ['openai', '@ai-sdk/openai'],
    sdk: { packages: ['openai'], classes: ['OpenAI'] },
  },
};
