import { stringify } from 'yaml';
import type { Change } from '../verdict/finding.ts';

type Value = Change['value'];

/**
 * Returns a value as YAML in one line, which is valid inside of `[…]` and `{…}`: `{ format: sse, end: '[DONE]' }`.
 */
export function yamlText(value: Value): string {
  if (Array.isArray(value)) return `[${value.map(yamlText).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return scalarText(value);
  const pairs = Object.entries(value).map(([key, inner]) => `${scalarText(key)}: ${yamlText(inner)}`);
  return `{ ${pairs.join(', ')} }`;
}

/** Quotes a text if it would mean something else in a collection. */
const scalarText = (value: Value): string =>
  stringify([value], { collectionStyle: 'flow', singleQuote: true, lineWidth: 0 }).trim().slice(1, -1).trim();

/** Returns a change in one line, such as `endpoints.ask.reaches: [llm]` or `remove upstreams.llm.basePath`. */
export const changeText = ({ path, value }: Change): string =>
  value === undefined ? `remove ${path.join('.')}` : `${path.join('.')}: ${yamlText(value)}`;
