import { createFake, type DialectUpstream, type FakeOptions } from './create-fake.ts';
import { openAiDialect } from './openai-dialect.ts';

/**
 * Creates a fake of api.openai.com. `seed` determines its texts and ids; `now` is the clock in epoch milliseconds; for
 * the settings see `dialectSettings`.
 *
 * @throws ZodError for invalid settings
 */
export const createOpenAi = (options: FakeOptions): DialectUpstream => createFake(openAiDialect, options);
