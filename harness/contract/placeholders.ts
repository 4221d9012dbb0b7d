/** Matches each `${name}` in a text, and `$${`, which stands for the text `${`. */
const PLACEHOLDER = /\$\$\{|\$\{([^}]*)\}/g;

/** Returns the names of all placeholders in a text. */
export const placeholdersIn = (text: string): string[] =>
  [...text.matchAll(PLACEHOLDER)].flatMap(([, name]) => name ?? []);

/**
 * Replaces each `${name}` in a text, and `$${` with `${`. Placeholders without a value remain unchanged.
 *
 * @param escaped what to replace `$${` with. It must remain if the text will be filled again.
 */
export const fillText = (
  text: string,
  valueFor: (name: string) => string | undefined,
  escaped: '${' | '$${' = '${',
): string =>
  text.replace(PLACEHOLDER, (all, name: string | undefined) =>
    name === undefined ? escaped : (valueFor(name) ?? all),
  );

/**
 * Returns a part of a contract with each `${name}` in its texts replaced, including those in the names of fields.
 * Placeholders without a value and `$${` remain unchanged, because scripts fill in the rest for each request.
 */
export const fillTexts = <Part>(part: Part, valueFor: (name: string) => string | undefined): Part =>
  filled(part, (text) => fillText(text, valueFor, '$${')) as Part;

function filled(part: unknown, fill: (text: string) => string): unknown {
  if (typeof part === 'string') return fill(part);
  if (Array.isArray(part)) return part.map((one) => filled(one, fill));
  if (typeof part !== 'object' || part === null) return part;
  return Object.fromEntries(Object.entries(part).map(([name, value]) => [fill(name), filled(value, fill)]));
}

/** Returns the error message for a name that is not allowed in `${…}`. */
export const unknownPlaceholder = (name: string, allowed: readonly string[]): string =>
  `\${${name}} is unknown; allowed: ${allowed.map((one) => `\${${one}}`).join(', ')}; for the text \${, write $\${`;
