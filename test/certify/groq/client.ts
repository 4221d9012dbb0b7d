import Groq, { type ClientOptions } from 'groq-sdk';
import type { FakesUnderTest } from '../support/use-fakes.ts';

/** The SDK, as its users make it: only the address is another one. */
export const groqOf = (fakes: FakesUnderTest, options: ClientOptions = {}): Groq =>
  new Groq({ apiKey: 'gsk_certify', baseURL: fakes.upstreams.groq ?? '', logLevel: 'off', ...options });

/** What every test asks where it does not matter what is asked. */
export const QUESTION = {
  model: 'openai/gpt-oss-20b',
  messages: [{ role: 'user' as const, content: 'Good morning' }],
};

/** The error with which a call rejects. */
// biome-ignore lint/suspicious/noExplicitAny: the tests assert the shape
export async function errorOf(call: Promise<unknown>): Promise<any> {
  try {
    await call;
  } catch (error) {
    return error;
  }
  throw new Error('the call succeeded');
}
