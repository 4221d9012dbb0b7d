import { visible } from './controls.ts';
import { secrets } from './secrets.ts';

/**
 * Fields whose values are identifiers rather than free text: proofload or the contract defines them, and checkers and
 * readers compare them. All other texts are searched for secrets, and so are the names of all fields.
 */
const IDENTIFIERS = new Set(
  `type event kind of to outcome upstream breaker metric expression signal faults about secret secrets unsearched time
  verdict scenario script checker mutant promise promises restsOn folder profile voids`.split(/\s+/),
);

/** Tags of requests and metrics that are identifiers. Those of a team's own scripts can be any text. */
const TAGS = new Set('endpoint phase limit step variant proof about of caller settings shows due sent'.split(' '));

type Fields = Readonly<Record<string, unknown>>;

/** Whether the value of a field is an identifier, inside of an object that is the value of the field `parent`. */
function isIdentifier(name: string, fields: Fields, parent: string): boolean {
  const { verdict } = fields;
  if (parent === 'tags' || parent === 'requests') return TAGS.has(name);
  // A script may set a fault, or a check may suggest a change, with any text.
  if (parent === 'asked') return name === 'kind';
  // Phases of proofload contain names from the contract. A team's own phases can contain any text.
  if (parent === 'phase') return !('own' in fields);
  return IDENTIFIERS.has(name) || (name === 'name' && verdict !== undefined);
}

/** Returns a JSON value in which all secrets are replaced, or the same value if there are none. */
export const withoutSecrets = <Value>(value: Value): Value =>
  hasSecrets(JSON.stringify(value) ?? '') ? (replaced(value, '') as Value) : value;

/**
 * Returns the JSON of a value in which all secrets are replaced, and control characters are escaped.
 *
 * @param indent The number of spaces by which levels are indented. By default, the JSON is one line.
 */
export function jsonWithoutSecrets(value: unknown, indent?: number): string {
  const json = JSON.stringify(value, null, indent);
  return visible(hasSecrets(json) ? JSON.stringify(replaced(value, ''), null, indent) : json);
}

/**
 * Secrets are hidden in the forms that they have in JSON, too. Searching one text is much cheaper than searching many.
 */
const hasSecrets = (json: string): boolean => secrets.redact(json) !== json;

/** Returns a field's name, or `phase` for the data of a phase. */
const partOf = (name: string, { type }: Fields): string => (name === 'data' && type === 'phase' ? 'phase' : name);

function replaced(value: unknown, parent: string): unknown {
  if (typeof value === 'string') return secrets.redact(value);
  if (Array.isArray(value)) return value.map((item) => replaced(item, parent));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [
      secrets.redact(name),
      isIdentifier(name, value as Fields, parent) ? inner : replaced(inner, partOf(name, value as Fields)),
    ]),
  );
}
