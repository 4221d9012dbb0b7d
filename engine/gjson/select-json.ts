import { get } from './get.ts';
import { toValue } from './json-text.ts';

/**
 * Selects from JSON as `response.json(path)` does: the path is in gjson's syntax.
 *
 * @returns undefined where the path leads nowhere.
 * @example selectJson('{"list":[{"id":1},{"id":2}]}', 'list.#(id>1).id') // 2
 */
export function selectJson(json: string, path: string): unknown {
  const found = get(json, path);
  return found === '' ? undefined : toValue(found);
}
