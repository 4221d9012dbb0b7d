const DECIMAL = /^[+-]?(?:\d(?:_?\d)*\.?(?:\d(?:_?\d)*)?|\.\d(?:_?\d)*)(?:e[+-]?\d(?:_?\d)*)?$/i;
const INFINITE = /^([+-]?)inf(?:inity)?$/i;

/**
 * Parses a number like Go's `strconv.ParseFloat`: `1_000`, `.5`, `1e3`, `Inf` and `NaN` are valid. Hexadecimal numbers
 * are not supported.
 *
 * @returns undefined if the text is not a number, or is out of range.
 */
export function parseGoFloat(text: string): number | undefined {
  const sign = INFINITE.exec(text)?.[1];
  if (sign !== undefined) return sign === '-' ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  if (/^nan$/i.test(text)) return Number.NaN;
  const value = DECIMAL.test(text) ? Number(text.replaceAll('_', '')) : Number.NaN;
  return Number.isFinite(value) ? value : undefined;
}

/** Returns the N of `p(N)`, or undefined if the text is something else or N is not from 0 to 100. */
export function percentOf(text: string): number | undefined {
  const percent = parseGoFloat(/^p\((.*)\)$/s.exec(text)?.[1] ?? '');
  return percent !== undefined && percent >= 0 && percent <= 100 ? percent : undefined;
}
