import type { Provider } from '../../faults/fakes/provider.ts';
import { anthropicSettings } from './settings.ts';

/** Anthropic's Messages API. */
export const anthropic: Provider<typeof anthropicSettings> = {
  origin: 'https://api.anthropic.com',
  settings: anthropicSettings,
  create: async ({ seed, settings }) => (await import('./anthropic.ts')).createAnthropic({ seed, ...settings }),
  needsBody: true,
  usage: {
    setting: 'ANTHROPIC_BASE_URL',
    keySetting: 'ANTHROPIC_API_KEY',
    packages: ['@anthropic-ai/sdk', 'anthropic', '@ai-sdk/anthropic'],
    sdk: { packages: ['@anthropic-ai/sdk', 'anthropic'], classes: ['Anthropic'] },
  },
};
