import { createFake, type DialectUpstream, type FakeOptions } from '../openai/create-fake.ts';
import { groqDialect } from './groq-dialect.ts';

/** A Groq fake that can be reconfigured while it is running. */
export type GroqUpstream = DialectUpstream;

/**
 * Creates a fake of api.groq.com. `seed` determines its texts and IDs, and `now` returns the time in milliseconds since
 * the epoch. See `dialectSettings` for the settings.
 *
 * @throws ZodError for invalid settings
 */
export const createGroq = (options: FakeOptions): GroqUpstream => createFake(groqDialect, options);
