import type { Provider } from '../../faults/fakes/provider.ts';
import { createAnthropic } from './anthropic.ts';
import { anthropicSettings } from './settings.ts';

/** Anthropic's Messages API. */
export const anthropic: Provider<typeof anthropicSettings> = {
  origin: 'https://api.anthropic.com',
  settings: anthropicSettings,
  create: ({ seed, settings }) => createAnthropic({ seed, ...settings }),
  needsBody: true,
  usage: {
    setting: 'ANTHROPIC_BASE_URL',
    keySetting: 'ANTHROPIC_API_KEY',
    packages: ['@anthropic-ai/sdk', 'anthropic', '@ai-sdk/anthropic'],
    sdk: { packages: ['@anthropic-ai/sdk', 'anthropic'], classes: ['Anthropic'] },
  },
};
