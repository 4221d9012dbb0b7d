import { ProofloadError } from '../../base/errors.ts';
import { ENV_PREFIX, notSet, PLACEHOLDER } from '../../contract/unset-variables.ts';

/**
 * Replaces `${name}` in a text by a value of the lab, and `${env.NAME}` by a variable of the harness's environment.
 *
 * @throws ProofloadError CONTRACT_INVALID for an unknown name
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

/** Replaces the placeholders in each value of an environment. */
export const fillEach = (environment: Record<string, string>, values: Record<string, string>): Record<string, string> =>
  Object.fromEntries(Object.entries(environment).map(([name, value]) => [name, fillPlaceholders(value, values)]));

const invalid = (why: string) => new ProofloadError('CONTRACT_INVALID', why);
