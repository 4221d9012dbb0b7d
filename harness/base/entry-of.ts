/**
 * Returns a record's own entry, or undefined if it has none with this name. Use it if the record may not have the name:
 * all objects have properties such as `constructor`, which is an allowed name.
 */
export const entryOf = <Value>(record: Readonly<Record<string, Value>>, name: string): Value | undefined =>
  Object.hasOwn(record, name) ? record[name] : undefined;
