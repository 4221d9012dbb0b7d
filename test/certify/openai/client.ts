import OpenAI, { type ClientOptions } from 'openai';
import type { FakesUnderTest } from '../support/use-fakes.ts';

/** The SDK with its defaults except for the address. */
export const openaiOf = (fakes: FakesUnderTest, options: ClientOptions = {}): OpenAI =>
  new OpenAI({ apiKey: 'sk-certify', baseURL: `${fakes.upstreams.openai}/v1`, logLevel: 'off', ...options });

/** The default model of the tests. */
export const MODEL = 'gpt-5.6-luna';

/** The default chat completion of the tests. */
export const QUESTION = { model: MODEL, messages: [{ role: 'user' as const, content: 'Good morning' }] };
