import { PLACEHOLDER } from './unset-variables.ts';

/**
 * Returns a part of a contract with each `${name}` in its texts replaced, including those in the names of fields.
 * Placeholders without a value remain unchanged.
 */
export const fillTexts = <Part>(part: Part, valueFor: (name: string) => string | undefined): Part =>
  filled(part, (text) => text.replace(PLACEHOLDER, (all, name: string) => valueFor(name) ?? all)) as Part;

function filled(part: unknown, fill: (text: string) => string): unknown {
  if (typeof part === 'string') return fill(part);
  if (Array.isArray(part)) return part.map((one) => filled(one, fill));
  if (typeof part !== 'object' || part === null) return part;
  return Object.fromEntries(Object.entries(part).map(([name, value]) => [fill(name), filled(value, fill)]));
}
