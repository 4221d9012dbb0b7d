import type { Contract } from '../contract.ts';
import type { Problem } from './dangling-names.ts';

/** What begins the name of a variable of the harness's own environment, in `${…}`. */
export const OWN = 'env.';

/** Variables that a contract names and that are not set: told before a lab is brought up for it. */
export const unsetVariables = (contract: Contract): Problem[] => unsetIn(contract, []);

function unsetIn(value: unknown, path: readonly PropertyKey[]): Problem[] {
  if (typeof value === 'string') {
    const named = [...value.matchAll(/\$\{([^}]*)\}/g)].map(([, name = '']) => name);
    const unset = named.filter((name) => name.startsWith(OWN) && process.env[name.slice(OWN.length)] === undefined);
    return unset.map((name) => ({
      path,
      message: `\${${name}}: ${name.slice(OWN.length)} is not set in the environment`,
    }));
  }
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) =>
    unsetIn(inner, [...path, Array.isArray(value) ? Number(key) : key]),
  );
}
