/** Formats a whole number with leading zeros, so that it is as wide as the largest possible one. */
export const padded = (value: number, most: number): string =>
  String(value).padStart(String(Math.floor(most)).length, '0');

/**
 * Formats a duration with tenths of a second and leading zeros, such as `00m01.5s`, so that it is as wide as the longest
 * possible one.
 *
 * @param ms The duration in milliseconds.
 * @param longest The longest possible duration in milliseconds.
 */
export function fixedDuration(ms: number, longest: number): string {
  const tenths = Math.round(Math.abs(ms) / 100);
  const most = Math.max(tenths, Math.round(longest / 100));
  const [seconds, minutes, hours] = [
    Math.floor(tenths / 10) % 60,
    Math.floor(tenths / 600) % 60,
    Math.floor(tenths / 36_000),
  ];
  const wide = `${pair(hours)}h${pair(minutes)}m${pair(seconds)}.${tenths % 10}s`;
  if (most >= 36_000) return most >= 360_000 ? wide : wide.slice(-10);
  const width = [100, 600, 6_000].filter((limit) => most >= limit).length;
  return wide.slice(-([4, 5, 7, 8][width] as number));
}

const pair = (value: number): string => String(value).padStart(2, '0');
