import { OWN } from '../contract/unset-variables.ts';
import { ProofloadError } from '../errors.ts';

/**
 * Fills `${name}` in a text: with what the lab has, or `${env.NAME}` with a variable of the harness's own environment.
 *
 * @throws ProofloadError CONTRACT_INVALID where it names something that there is not.
 */
export const fillPlaceholders = (text: string, values: Record<string, string>): string =>
  text.replace(/\$\{([^}]*)\}/g, (_, name: string) => {
    const value = name.startsWith(OWN) ? process.env[name.slice(OWN.length)] : values[name];
    if (value !== undefined) return value;
    if (name.startsWith(OWN)) throw invalid(`\${${name}}: ${name.slice(OWN.length)} is not set`);
    const known = [...Object.keys(values), `${OWN}NAME`].join(', ');
    throw invalid(`\${${name}} is nothing that the lab has; it has ${known}`);
  });

/** Fills each value of an environment, as `fillPlaceholders` does. */
export const fillEach = (environment: Record<string, string>, values: Record<string, string>): Record<string, string> =>
  Object.fromEntries(Object.entries(environment).map(([name, value]) => [name, fillPlaceholders(value, values)]));

const invalid = (why: string) => new ProofloadError('CONTRACT_INVALID', why);
