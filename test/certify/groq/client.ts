import Groq, { type ClientOptions } from 'groq-sdk';
import type { FakesUnderTest } from '../support/use-fakes.ts';

/** The SDK with its defaults; only the address differs. */
export const groqOf = (fakes: FakesUnderTest, options: ClientOptions = {}): Groq =>
  new Groq({ apiKey: 'gsk_certify', baseURL: fakes.upstreams.groq ?? '', logLevel: 'off', ...options });

/** The default request of the tests. */
export const QUESTION = {
  model: 'openai/gpt-oss-20b',
  messages: [{ role: 'user' as const, content: 'Good morning' }],
};

/** Returns the error of a rejected call. */
// biome-ignore lint/suspicious/noExplicitAny: the tests assert the shape
export async function errorOf(call: Promise<unknown>): Promise<any> {
  try {
    await call;
  } catch (error) {
    return error;
  }
  throw new Error('the call succeeded');
}
