/**
 * Fills `${name}` in a text.
 *
 * @throws RangeError where it names something that the lab does not have.
 */
export const fillPlaceholders = (text: string, values: Record<string, string>): string =>
  text.replace(/\$\{([^}]*)\}/g, (_, name: string) => {
    const value = values[name];
    if (value !== undefined) return value;
    throw new RangeError(`\${${name}} is nothing that the lab has; it has ${Object.keys(values).join(', ')}`);
  });

/** Fills each value of an environment, as `fillPlaceholders` does. */
export const fillEach = (environment: Record<string, string>, values: Record<string, string>): Record<string, string> =>
  Object.fromEntries(Object.entries(environment).map(([name, value]) => [name, fillPlaceholders(value, values)]));
