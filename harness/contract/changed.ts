/** A change of a field in the content of a contract. Without a value, the field is removed. */
export interface FieldChange {
  readonly path: readonly string[];
  readonly value?: unknown;
}

export function changed(content: unknown, { path, value }: FieldChange): unknown {
  const all = structuredClone(content);
  let parent = Object(all);
  for (const key of path.slice(0, -1)) {
    // A name such as `constructor` must not lead to a property that all objects have.
    if (!Object.hasOwn(parent, key)) parent[key] = {};
    parent = parent[key];
  }
  const last = path.at(-1) as string;
  if (value === undefined) delete parent[last];
  else parent[last] = value;
  return all;
}
