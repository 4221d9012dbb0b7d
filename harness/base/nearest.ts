import { closest, distance } from 'fastest-levenshtein';

/**
 * Returns the known name that is probably meant by a misspelt one, or undefined if none is similar. At most a third of
 * its letters may differ.
 */
export function nearest(name: string, known: readonly string[]): string | undefined {
  if (known.length === 0) return undefined;
  const found = closest(name, known);
  return distance(name, found) > found.length / 3 ? undefined : found;
}
