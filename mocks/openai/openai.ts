import { createFake, type DialectUpstream, type FakeOptions } from './create-fake.ts';
import { openAiDialect } from './openai-dialect.ts';

/**
 * Creates a fake of api.openai.com. `seed` determines its texts and IDs, and `now` returns the time in milliseconds
 * since the epoch. See `dialectSettings` for the settings.
 *
 * @throws ZodError for invalid settings
 */
export const createOpenAi = (options: FakeOptions): DialectUpstream => createFake(openAiDialect, options);
