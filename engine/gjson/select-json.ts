import { get } from './get.ts';
import { toValue } from './json-text.ts';

/**
 * Selects a value from JSON, like `response.json(path)`. The path uses gjson's syntax.
 *
 * @returns The value, or undefined if nothing matches.
 * @example selectJson('{"list":[{"id":1},{"id":2}]}', 'list.#(id>1).id') // 2
 */
export function selectJson(json: string, path: string): unknown {
  const found = get(json, path);
  return found === '' ? undefined : toValue(found);
}
