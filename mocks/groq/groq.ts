import { createFake, type DialectUpstream, type FakeOptions } from '../openai/create-fake.ts';
import { groqDialect } from './groq-dialect.ts';

/** A fake of Groq that can be reconfigured while it runs. */
export type GroqUpstream = DialectUpstream;

/**
 * Creates a fake of api.groq.com. `seed` determines its texts and ids; `now` is the clock in epoch milliseconds; for
 * the settings see `dialectSettings`.
 *
 * @throws ZodError for invalid settings
 */
export const createGroq = (options: FakeOptions): GroqUpstream => createFake(groqDialect, options);
