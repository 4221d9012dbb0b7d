/** Matches each `${name}` in a text, and `$${`, which stands for the text `${`. */
const PLACEHOLDER = /\$\$\{|\$\{([^}]*)\}/g;

/** The prefix in `${…}` for proofload's own environment variables. */
export const ENV_PREFIX = 'env.';

/** The prefix for the service's own settings in `${…}`, in files. */
export const SETTING_PREFIX = 'setting.';

/**
 * The prefix for upstream addresses in `${…}`. `.host` or `.port` may follow the upstream's name, which never ends with
 * one of them.
 */
export const UPSTREAM_PREFIX = 'upstream.';

/** The names of the values that the lab fills in in a service's command, settings and files. */
export const LAB_VALUES = [
  'port',
  'postgres',
  'postgres.host',
  'postgres.port',
  'postgres.user',
  'postgres.password',
  'postgres.database',
  'postgres.tls',
  'postgres.ca',
  'folder',
  'ca',
  'proxy',
  'secret',
  'keys',
  'users',
  'otlp',
  'issuer',
  'jwks',
  'day.offset',
  'day.ends',
] as const;

export type LabValue = (typeof LAB_VALUES)[number];

/** Returns the names of all placeholders in a text. */
export const placeholdersIn = (text: string): string[] =>
  [...text.matchAll(PLACEHOLDER)].flatMap(([, name]) => name ?? []);

/** Returns the variables of proofload's environment that a text contains. */
export const variablesIn = (text: string): string[] => namesAfter(ENV_PREFIX, text);

/** Returns the upstreams whose addresses a text contains. */
export const upstreamsIn = (text: string): string[] =>
  namesAfter(UPSTREAM_PREFIX, text).map((name) => name.replace(/\.(host|port)$/, ''));

const namesAfter = (prefix: string, text: string): string[] =>
  placeholdersIn(text)
    .filter((name) => name.startsWith(prefix))
    .map((name) => name.slice(prefix.length));

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
  if (Array.isArray(part)) return part.map((item) => filled(item, fill));
  if (typeof part !== 'object' || part === null) return part;
  return Object.fromEntries(Object.entries(part).map(([name, value]) => [fill(name), filled(value, fill)]));
}

/** Returns the error message for a name that is not allowed in `${…}`. */
export const unknownPlaceholder = (name: string, allowed: readonly string[]): string =>
  `\${${name}} is unknown; allowed: ${allowed.map((known) => `\${${known}}`).join(', ')}; for the text \${, write $\${`;

/** Returns the error message for a variable that is not set. */
export const notSet = (variable: string): string => `\${${ENV_PREFIX}${variable}}: ${variable} is not set`;
