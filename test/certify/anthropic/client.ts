import Anthropic, { type ClientOptions } from '@anthropic-ai/sdk';
import type { FakesUnderTest } from '../support/use-fakes.ts';

/** The SDK with its defaults except for the address. */
export const anthropicOf = (fakes: FakesUnderTest, options: ClientOptions = {}): Anthropic =>
  new Anthropic({ apiKey: 'sk-ant-certify', baseURL: fakes.upstreams.anthropic ?? '', logLevel: 'off', ...options });

/** The default request of the tests. */
export const QUESTION = {
  model: 'claude-sonnet-5-5',
  max_tokens: 200,
  messages: [{ role: 'user' as const, content: 'Good morning' }],
};
