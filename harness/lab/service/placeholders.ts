import { ProofloadError } from '../../base/errors.ts';
import { ENV_PREFIX, fillText, notSet, unknownPlaceholder } from '../../contract/placeholders.ts';

/**
 * Replaces `${name}` in a text with a value from the lab, `${env.NAME}` with a variable from the harness's environment,
 * and `$${` with `${`.
 *
 * @throws ProofloadError CONTRACT_INVALID if a name is unknown
 */
export const fillPlaceholders = (text: string, values: Record<string, string>): string =>
  fillText(text, (name) => {
    const variable = name.startsWith(ENV_PREFIX) ? name.slice(ENV_PREFIX.length) : undefined;
    const value = variable === undefined ? values[name] : process.env[variable];
    if (value !== undefined) return value;
    if (variable !== undefined) throw invalid(notSet(variable));
    throw invalid(unknownPlaceholder(name, [...Object.keys(values), `${ENV_PREFIX}NAME`]));
  });

/** Replaces the placeholders in all values of an environment. */
export const fillEach = (environment: Record<string, string>, values: Record<string, string>): Record<string, string> =>
  Object.fromEntries(Object.entries(environment).map(([name, value]) => [name, fillPlaceholders(value, values)]));

const invalid = (why: string) => new ProofloadError('CONTRACT_INVALID', why);
