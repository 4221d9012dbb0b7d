import type { Contract } from '../contract.ts';
import { type FilledText, filledTexts, requestTexts } from '../filled-texts.ts';
import {
  ENV_PREFIX,
  LAB_VALUES,
  notSet,
  placeholdersIn,
  SETTING_PREFIX,
  UPSTREAM_PREFIX,
  unknownPlaceholder,
  upstreamsIn,
  variablesIn,
} from '../placeholders.ts';
import { isIssued } from '../schema/authentication.ts';
import { type Rule, textRule } from './rule.ts';
import { undeclared } from './upstreams.ts';

/** Returns all texts in which the lab or a script fills in values. */
const allTexts = (contract: Contract): FilledText[] => [...filledTexts(contract), ...requestTexts(contract)];

/** Finds placeholders that have no value. */
export const placeholderRules: readonly Rule[] = [
  textRule({ in: requestTexts, message: ({ value }) => unknownIn(value, REQUEST_VALUES) }),
  textRule({
    in: filledTexts,
    message: ({ value, path, contract }) =>
      unknownIn(value, [...labValues(contract), ...(path[0] === 'files' ? settingsOf(contract) : [])]),
  }),
  textRule({
    in: allTexts,
    message: ({ value, contract }) => upstreamsIn(value).map((upstream) => undeclared(upstream, contract.upstreams)),
  }),
  textRule({
    in: requestTexts,
    when: ({ value, contract }) => contract.start.running !== undefined && upstreamsIn(value).length > 0,
    message: 'a running service does not use the upstreams of the lab; write an address',
  }),
  textRule({
    in: allTexts,
    when: ({ path, profile }) => isUsed(path, profile),
    message: ({ value }) =>
      variablesIn(value)
        .filter((variable) => process.env[variable] === undefined)
        .map(notSet),
  }),
];

/** The names of the values that scripts fill in in requests. */
const REQUEST_VALUES = ['unique', 'client', 'user', 'password'];

/** The values that exist only if the lab signs the service's tokens. */
const OF_ISSUER: readonly string[] = ['issuer', 'jwks'];

const labValues = ({ authentication }: Contract): string[] =>
  LAB_VALUES.filter((name) => isIssued(authentication) || !OF_ISSUER.includes(name));

/** Returns the placeholders for the settings of all profiles. Those in conditions are missing in most scenarios. */
const settingsOf = ({ environment, profiles }: Contract): string[] => [
  ...new Set(
    [environment, ...Object.values(profiles).map((numbers) => numbers.environment)]
      .flatMap(Object.keys)
      .map((name) => `${SETTING_PREFIX}${name}`),
  ),
];

/** Unset variables and undeclared upstreams have rules of their own. */
const PREFIXES = [UPSTREAM_PREFIX, ENV_PREFIX];

const unknownIn = (text: string, known: readonly string[]): string[] =>
  placeholdersIn(text)
    .filter((name) => !known.includes(name) && !PREFIXES.some((prefix) => name.startsWith(prefix)))
    .map((name) => unknownPlaceholder(name, [...known, ...PREFIXES.map((prefix) => `${prefix}NAME`)]));

/** Whether a text is needed to start the service with a profile, or to call it. */
const isUsed = ([section, name]: readonly PropertyKey[], profile: string | undefined): boolean =>
  profile !== undefined && section !== 'conditions' && (section !== 'profiles' || name === profile);
