import Groq, { type ClientOptions } from 'groq-sdk';
import type { FakesUnderTest } from '../support/use-fakes.ts';

/** The SDK with its defaults except for the address. */
export const groqOf = (fakes: FakesUnderTest, options: ClientOptions = {}): Groq =>
  new Groq({ apiKey: 'gsk_certify', baseURL: fakes.upstreams.groq ?? '', logLevel: 'off', ...options });

/** The default request of the tests. */
export const QUESTION = {
  model: 'openai/gpt-oss-20b',
  messages: [{ role: 'user' as const, content: 'Good morning' }],
};
