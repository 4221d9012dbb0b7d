import { ProofloadError } from '../base/errors.ts';
import { ENV_PREFIX, notSet, PLACEHOLDER } from '../contract/unset-variables.ts';

/**
 * Fills `${name}` in a text: with what the lab has, or `${env.NAME}` with a variable of the harness's own environment.
 *
 * @throws ProofloadError CONTRACT_INVALID where it names something that there is not.
 */
export const fillPlaceholders = (text: string, values: Record<string, string>): string =>
  text.replace(PLACEHOLDER, (_, name: string) => {
    const variable = name.startsWith(ENV_PREFIX) ? name.slice(ENV_PREFIX.length) : undefined;
    const value = variable === undefined ? values[name] : process.env[variable];
    if (value !== undefined) return value;
    if (variable !== undefined) throw invalid(notSet(variable));
    const known = [...Object.keys(values), `${ENV_PREFIX}NAME`].join(', ');
    throw invalid(`\${${name}} is nothing that the lab has; it has ${known}`);
  });

/** Fills each value of an environment, as `fillPlaceholders` does. */
export const fillEach = (environment: Record<string, string>, values: Record<string, string>): Record<string, string> =>
  Object.fromEntries(Object.entries(environment).map(([name, value]) => [name, fillPlaceholders(value, values)]));

const invalid = (why: string) => new ProofloadError('CONTRACT_INVALID', why);
