import type { Contract } from './contract.ts';
import type { Problem } from './dangling-names.ts';
import { filledTexts } from './filled-texts.ts';
import { placeholdersIn, unknownPlaceholder } from './placeholders.ts';
import { isIssued } from './schema/authentication.ts';
import { ENV_PREFIX } from './unset-variables.ts';
import { UPSTREAM_PREFIX } from './upstream-problems.ts';

/** The names of the values that the lab fills in in a service's command, settings and files. */
const LAB_VALUES = [
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
  'secret',
  'keys',
  'users',
  'otlp',
  'issuer',
  'jwks',
] as const;

export type LabValue = (typeof LAB_VALUES)[number];

/** The values that exist only if the lab signs the service's tokens. */
const OF_ISSUER: readonly string[] = ['issuer', 'jwks'];

/** The prefix for the service's own settings in `${…}`, in files. */
export const SETTING_PREFIX = 'setting.';

/** Finds unknown names in `${…}` that the lab would have to fill in, and settings in files that don't exist. */
export const unknownPlaceholders = (contract: Contract): Problem[] =>
  filledTexts(contract).flatMap(({ path, text }) => {
    const settings = path[0] === 'files' ? settingsOf(contract).map((name) => `${SETTING_PREFIX}${name}`) : [];
    const known: readonly string[] = [...valuesFor(contract), ...settings];
    const prefixes = [`${UPSTREAM_PREFIX}NAME`, `${ENV_PREFIX}NAME`];
    return placeholdersIn(text)
      .filter((name) => !known.includes(name) && !REPORTED_ELSEWHERE.some((prefix) => name.startsWith(prefix)))
      .map((name) => ({ path, message: unknownPlaceholder(name, [...known, ...prefixes]) }));
  });

const valuesFor = ({ authentication }: Contract) =>
  LAB_VALUES.filter((name) => isIssued(authentication) || !OF_ISSUER.includes(name));

const REPORTED_ELSEWHERE: readonly string[] = [UPSTREAM_PREFIX, ENV_PREFIX];

/** Returns the settings of all profiles. Those in conditions are missing in most scenarios. */
const settingsOf = ({ environment, profiles }: Contract): string[] => [
  ...new Set([environment, ...Object.values(profiles).map((one) => one.environment)].flatMap(Object.keys)),
];
