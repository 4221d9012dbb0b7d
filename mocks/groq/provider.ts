import type { Provider } from '../../faults/fakes/provider.ts';
import { dialectSettings } from '../openai/dialect/settings.ts';

/** Groq's chat completions and responses. */
export const groq: Provider<typeof dialectSettings> = {
  origin: 'https://api.groq.com',
  settings: dialectSettings,
  create: async ({ seed, settings }) => (await import('./groq.ts')).createGroq({ seed, ...settings }),
  needsBody: true,
  usage: {
    setting: 'GROQ_BASE_URL',
    keySetting: 'GROQ_API_KEY',
    packages: ['groq-sdk', 'groq', '@ai-sdk/groq'],
    sdk: { packages: ['groq-sdk', 'groq'], classes: ['Groq'] },
  },
};
