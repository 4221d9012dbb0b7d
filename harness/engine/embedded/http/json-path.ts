/**
 * Selects from a JSON value as `response.json(selector)` does, in the part of gjson's syntax that scripts use: names
 * and indices parted by dots, `#` for every element of an array (alone: how many there are), and `\.` for a dot in a name.
 *
 * @returns undefined where the path leads nowhere.
 */
export function selectJson(value: unknown, selector: string): unknown {
  return select(
    value,
    (selector.match(/(?:\\.|[^.\\])+/g) ?? []).map((part) => part.replace(/\\(.)/g, '$1')),
  );
}

function select(value: unknown, path: readonly string[]): unknown {
  const [part, ...rest] = path;
  if (part === undefined) return value;
  if (Array.isArray(value) && part === '#') {
    if (rest.length === 0) return value.length;
    return value.map((item) => select(item, rest)).filter((item) => item !== undefined);
  }
  if (value === null || typeof value !== 'object' || !Object.hasOwn(value, part)) return undefined;
  return select((value as Record<string, unknown>)[part], rest);
}
