import type { z } from 'zod';
import { EngineError } from '../base/errors.ts';
import { EXIT_CODES } from '../base/exit-codes.ts';
import { exportValue } from '../base/export-value.ts';
import { unknownFields } from '../base/json-rules.ts';
import type { Logger } from '../base/logger.ts';
import { invalidConfiguration } from './invalid-configuration.ts';
import { configurationFile, OPTIONS, type ScriptOptions, scriptOptions } from './script-options.ts';

type Present<Fields> = { readonly [Name in keyof Fields]?: Exclude<Fields[Name], undefined> };

/** Options from a single source. An undefined option was not set. */
export type Given = Present<ScriptOptions>;

/**
 * Reads the options that a script exports. As in k6, unknown options are ignored with a warning.
 *
 * @throws EngineError INVALID_OPTIONS if an option has an invalid value
 */
export function readScriptOptions(exported: unknown, logger: Logger): Given {
  const options = plainOptions(exported ?? {});
  const unknown = options !== null && typeof options === 'object' ? unknownFields(options, Object.keys(OPTIONS)) : [];
  if (unknown.length > 0) {
    const names = unknown.join(', ');
    logger.log('warning', `There were unknown fields in the options exported in the script: ${names}`);
  }
  const { features, ...given } = read(scriptOptions, options);
  if (features && features.length > 0) logger.log('warning', 'Feature flags in script options are not supported');
  return given;
}

/** Reads the options set by flags and environment variables. */
export const readFlagOptions = (given: unknown): Given => read(scriptOptions, given);

/** Reads the `--config` file, which contains options as well as settings of k6 itself. */
export const readConfiguration = (given: unknown): Given => {
  const { linger, webDashboard, out, features, ...options } = read(configurationFile, given ?? {});
  return options;
};

/** @throws EngineError INVALID_OPTIONS, with k6's exit code 255, if a value can't be converted to JSON. */
function plainOptions(exported: unknown): unknown {
  try {
    return exportValue(exported);
  } catch (error) {
    const message = `error parsing script options: ${(error as Error).message}`;
    throw new EngineError('INVALID_OPTIONS', message, EXIT_CODES.other);
  }
}

function read<Read extends object>(schema: z.ZodType<Read>, given: unknown): Present<Read> {
  const result = schema.safeParse(given);
  if (result.success) {
    return Object.fromEntries(Object.entries(result.data).filter(([, value]) => value !== undefined)) as Present<Read>;
  }
  const problems = result.error.issues.map(({ path, message }) => `${path.join('.') || 'options'}: ${message}`);
  throw invalidConfiguration(problems);
}
