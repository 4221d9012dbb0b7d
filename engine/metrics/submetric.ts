import type { Tags } from './tags.ts';

/**
 * Parses a threshold's name: `metric{tag:value,…}`. Values may contain colons (`group:::outer`) and braces
 * (`name:${}/x`). Quotes around names and values are removed.
 *
 * @returns The metric's name and the tags, which are empty if there are no braces.
 */
export function parseMetricSelector(selector: string): { metric: string; tags: Tags } {
  const open = selector.indexOf('{');
  if (open < 0 || !selector.endsWith('}')) return { metric: selector.trim(), tags: {} };
  const pairs = selector
    .slice(open + 1, -1)
    .split(',')
    .filter((pair) => pair.trim() !== '')
    .map((pair) => {
      const colon = pair.indexOf(':');
      return colon < 0 ? [unquote(pair), ''] : [unquote(pair.slice(0, colon)), unquote(pair.slice(colon + 1))];
    });
  return { metric: selector.slice(0, open).trim(), tags: Object.fromEntries(pairs) };
}

const unquote = (text: string): string => text.trim().replace(/^(["'])(.*)\1$/, '$2');

export function hasTags(sample: Tags, wanted: Tags): boolean {
  for (const name in wanted) if (sample[name] !== wanted[name]) return false;
  return true;
}
