import { EngineError } from '../base/errors.ts';
import { exportValue } from '../base/export-value.ts';

/**
 * What `setup()` returned as JSON, in k6's way.
 *
 * @returns undefined if it returned undefined.
 * @throws EngineError SETUP_DATA_REFUSED, with exit code 255, for what has no JSON.
 */
export function serializeSetupData(value: unknown): string | undefined {
  if (value === undefined) return undefined;
  try {
    return JSON.stringify(exportValue(value));
  } catch (error) {
    throw new EngineError('SETUP_DATA_REFUSED', `error marshaling setup() data to JSON: ${(error as Error).message}`);
  }
}
