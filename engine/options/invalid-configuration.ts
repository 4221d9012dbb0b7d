import { EngineError } from '../base/errors.ts';

/** Creates the error for invalid options, with k6's message. */
export const invalidConfiguration = (problems: readonly string[]): EngineError =>
  new EngineError(
    'INVALID_OPTIONS',
    `There were problems with the specified script configuration:${problems.map((problem) => `\n\t- ${problem}`).join('')}`,
  );
