import { EngineError } from '../base/errors.ts';
import { exportValue } from '../base/export-value.ts';

/**
 * Converts the result of `setup()` to JSON the way k6 does.
 *
 * @returns undefined if the result is undefined.
 * @throws EngineError SETUP_DATA_REFUSED, with exit code 255, if a value can't be converted to JSON
 */
export function serializeSetupData(value: unknown): string | undefined {
  if (value === undefined) return undefined;
  try {
    return JSON.stringify(exportValue(value));
  } catch (error) {
    throw new EngineError('SETUP_DATA_REFUSED', `error marshaling setup() data to JSON: ${(error as Error).message}`);
  }
}
