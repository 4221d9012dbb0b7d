import type { Contract } from './contract.ts';
import type { Problem } from './dangling-names.ts';

/** What begins the name of a variable of the harness's own environment, in `${…}`. */
export const ENV_PREFIX = 'env.';

/** `${name}` in a text, wherever one may stand. */
export const PLACEHOLDER = /\$\{([^}]*)\}/g;

/**
 * Variables that are not set, of those that a service is started with in a profile: told before a lab is brought up for
 * it.
 */
export function unsetVariables({ start, environment, profiles }: Contract, profile: string): Problem[] {
  return [
    ...(start.command ?? []).flatMap((word, index) => unsetIn(word, ['start', 'command', index])),
    ...ofSettings(environment, ['environment']),
    ...ofSettings(profiles[profile]?.environment ?? {}, ['profiles', profile, 'environment']),
  ];
}

const ofSettings = (settings: Record<string, string>, path: readonly PropertyKey[]): Problem[] =>
  Object.entries(settings).flatMap(([name, text]) => unsetIn(text, [...path, name]));

function unsetIn(text: string, path: readonly PropertyKey[]): Problem[] {
  const names = [...text.matchAll(PLACEHOLDER)]
    .map(([, name = '']) => name)
    .filter((name) => name.startsWith(ENV_PREFIX));
  return names
    .map((name) => name.slice(ENV_PREFIX.length))
    .filter((variable) => process.env[variable] === undefined)
    .map((variable) => ({ path, message: notSet(variable) }));
}

/** That a variable which is named is not set. */
export const notSet = (variable: string): string => `\${${ENV_PREFIX}${variable}}: ${variable} is not set`;
