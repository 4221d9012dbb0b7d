import type { Contract } from './contract.ts';
import type { Problem } from './dangling-names.ts';
import { commandWords } from './filled-texts.ts';
import { placeholdersIn } from './placeholders.ts';
import { requestTexts } from './request-texts.ts';

/** The prefix in `${…}` for proofload's own environment variables. */
export const ENV_PREFIX = 'env.';

/**
 * Finds unset environment variables that are needed by a request, or to start the service with a profile. Called before
 * a lab starts.
 */
export function unsetVariables(
  { start, environment, files, endpoints, profiles }: Contract,
  profile: string,
): Problem[] {
  return [
    ...requestTexts({ endpoints }).flatMap(({ text, path }) => unsetIn(text, path)),
    ...commandWords(start).flatMap(({ text, path }) => unsetIn(text, path)),
    ...ofSettings(files, ['files']),
    ...ofSettings(environment, ['environment']),
    ...ofSettings(profiles[profile]?.environment ?? {}, ['profiles', profile, 'environment']),
  ];
}

const ofSettings = (settings: Record<string, string>, path: readonly PropertyKey[]): Problem[] =>
  Object.entries(settings).flatMap(([name, text]) => unsetIn(text, [...path, name]));

function unsetIn(text: string, path: readonly PropertyKey[]): Problem[] {
  return placeholdersIn(text)
    .filter((name) => name.startsWith(ENV_PREFIX))
    .map((name) => name.slice(ENV_PREFIX.length))
    .filter((variable) => process.env[variable] === undefined)
    .map((variable) => ({ path, message: notSet(variable) }));
}

/** Returns the error message for a variable that is not set. */
export const notSet = (variable: string): string => `\${${ENV_PREFIX}${variable}}: ${variable} is not set`;
