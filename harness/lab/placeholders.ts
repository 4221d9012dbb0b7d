/**
 * Fills `${name}` in each value of an environment.
 *
 * @throws RangeError where a value names something that the lab does not have.
 */
export function fillPlaceholders(
  environment: Record<string, string>,
  values: Record<string, string>,
): Record<string, string> {
  const fill = (text: string) =>
    text.replace(/\$\{([^}]*)\}/g, (_, name: string) => {
      const value = values[name];
      if (value !== undefined) return value;
      throw new RangeError(`\${${name}} is nothing that the lab has; it has ${Object.keys(values).join(', ')}`);
    });
  return Object.fromEntries(Object.entries(environment).map(([name, value]) => [name, fill(value)]));
}
