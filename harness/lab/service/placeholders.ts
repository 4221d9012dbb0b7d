import { ProofloadError } from '../../base/errors.ts';
import { ENV_PREFIX, notSet, PLACEHOLDER } from '../../contract/unset-variables.ts';

/**
 * Replaces `${name}` in a text with a value from the lab, and `${env.NAME}` with a variable from the harness's
 * environment.
 *
 * @throws ProofloadError CONTRACT_INVALID if a name is unknown
 */
export const fillPlaceholders = (text: string, values: Record<string, string>): string =>
  text.replace(PLACEHOLDER, (_, name: string) => {
    const variable = name.startsWith(ENV_PREFIX) ? name.slice(ENV_PREFIX.length) : undefined;
    const value = variable === undefined ? values[name] : process.env[variable];
    if (value !== undefined) return value;
    if (variable !== undefined) throw invalid(notSet(variable));
    const known = [...Object.keys(values), `${ENV_PREFIX}NAME`].join(', ');
    throw invalid(`\${${name}} is unknown; allowed: ${known}`);
  });

/** Replaces the placeholders in all values of an environment. */
export const fillEach = (environment: Record<string, string>, values: Record<string, string>): Record<string, string> =>
  Object.fromEntries(Object.entries(environment).map(([name, value]) => [name, fillPlaceholders(value, values)]));

const invalid = (why: string) => new ProofloadError('CONTRACT_INVALID', why);
