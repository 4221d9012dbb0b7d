/**
 * What `setup()` returned as JSON, in k6's way (golden record 22): `undefined` is null, and a date has no more digits
 * than it needs.
 *
 * @returns undefined where there is nothing to hand on.
 */
export function serializeSetupData(value: unknown): string | undefined {
  if (value === undefined || value === null) return undefined;
  return JSON.stringify(plain(value));
}

function plain(value: unknown): unknown {
  if (value === undefined) return null;
  if (value === null || typeof value !== 'object') return value;
  if (value instanceof Date) return value.toISOString().replace(/\.?0*Z$/, 'Z');
  if (Array.isArray(value)) return value.map(plain);
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, plain(item)]));
}
