import { EngineError } from '../base/errors.ts';
import type { Tags } from './tags.ts';

/**
 * Parses a threshold's name as k6 does: `metric{tag:value,…}`. Values may contain colons (`group:::outer`) and braces
 * (`name:${}/x`). Quotes around names and values are removed.
 *
 * @returns The metric's name and the tags, which are empty if there are no braces.
 * @throws EngineError INVALID_THRESHOLD if a brace or a tag's value is missing
 */
export function parseMetricSelector(selector: string): { metric: string; tags: Tags } {
  const open = selector.indexOf('{');
  if (open < 0 && !selector.includes('}')) return { metric: selector, tags: {} };
  const pairs = selector
    .slice(open + 1, -1)
    .split(',')
    .map((pair) => /^([^:]*):(.+)$/s.exec(pair));
  if (open < 0 || !selector.endsWith('}') || pairs.includes(null)) {
    const expected = 'expected metric{tag:value,…}';
    throw new EngineError('INVALID_THRESHOLD', `invalid threshold on ${JSON.stringify(selector)}; reason: ${expected}`);
  }
  const tags = pairs.map((pair) => [unquote(pair?.[1] ?? ''), unquote(pair?.[2] ?? '')]);
  return { metric: selector.slice(0, open), tags: Object.fromEntries(tags) };
}

const unquote = (text: string): string => text.trim().replace(/^["']+|["']+$/g, '');

export function hasTags(sample: Tags, wanted: Tags): boolean {
  for (const name in wanted) if (sample[name] !== wanted[name]) return false;
  return true;
}
