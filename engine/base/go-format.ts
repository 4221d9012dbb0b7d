/** Converts a script's value to a string as k6 does for parameters: null and undefined become an empty string. */
export const goText = (given: unknown): string => String(given ?? '');

/** Formats a script's value like Go's `%v`, which k6 uses in form bodies and error messages. */
export function goFormat(value: unknown): string {
  if (value === null || value === undefined) return '<nil>';
  if (typeof value === 'number') return formatNumber(value);
  if (typeof value !== 'object') return String(value);
  if (Array.isArray(value)) return `[${value.map(goFormat).join(' ')}]`;
  const members = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `map[${members.map(([name, member]) => `${name}:${goFormat(member)}`).join(' ')}]`;
}

/** Formats a number like Go: the exponent of a fraction below 0.0001 has two digits. */
function formatNumber(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? '+Inf' : '-Inf';
  if (value !== 0 && Math.abs(value) < 1e-4) return value.toExponential().replace(/e-(\d)$/, 'e-0$1');
  return Object.is(value, -0) ? '-0' : String(value);
}
