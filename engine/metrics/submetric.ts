import { createSink, type Metric, type Submetric } from './metric.ts';
import type { Tags } from './tags.ts';

/**
 * Takes `metric{tag:value,…}` apart, the name of a threshold in k6. A value may hold colons (`group:::outer`) and
 * braces (`name:${}/x`); quotes around names and values are left off.
 *
 * @returns The metric's name, and the tags; no tags where there are no braces.
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

/** An empty submetric of a metric. */
export const createSubmetric = (name: string, metric: Metric, tags: Tags): Submetric => ({
  name,
  metric,
  tags,
  sink: createSink(metric.type),
});

/** Whether a sample's tags hold all that a submetric asks for. */
export function hasTags(sample: Tags, wanted: Tags): boolean {
  for (const name in wanted) if (sample[name] !== wanted[name]) return false;
  return true;
}
