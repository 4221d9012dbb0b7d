import type { Contract } from './contract.ts';
import { missing, type Problem } from './dangling-names.ts';
import { filledTexts } from './filled-texts.ts';
import { placeholdersIn } from './placeholders.ts';
import { requestTexts } from './request-texts.ts';
import { internals, TOKEN } from './schema/secrecy.ts';
import { nameOf } from './secret-settings.ts';
import { ENV_PREFIX } from './unset-variables.ts';

/** Finds exceptions to `secrecy` that name an endpoint or a secret that the contract doesn't have. */
export function needlessExceptions(contract: Contract): Problem[] {
  if (!contract.secrecy) return [];
  const { responses, log } = contract.secrecy.allowed;
  const secrets = Object.fromEntries([...namesIn(contract), 'secret'].map((name) => [name, true]));
  const inResponses = { ...secrets, ...Object.fromEntries(internals.map((name) => [name, true])) };
  const path = ['secrecy', 'allowed'];
  return [
    ...Object.entries(responses).flatMap(([endpoint, names]) => [
      ...missing([...path, 'responses', endpoint], endpoint, contract.endpoints),
      ...names.flatMap((name, index) => missing([...path, 'responses', endpoint, index], name, inResponses)),
    ]),
    ...log.flatMap((name, index) => missing([...path, 'log', index], name, { ...secrets, [TOKEN]: true })),
  ];
}

/** Returns the names of settings and headers, and of the variables that they contain. */
const namesIn = (contract: Contract): string[] =>
  [...filledTexts(contract), ...requestTexts(contract)].flatMap(({ path, text }) => {
    const placed = placeholdersIn(text);
    const variables = placed.filter((name) => name.startsWith(ENV_PREFIX)).map((name) => name.slice(ENV_PREFIX.length));
    return [nameOf(path) ?? [], variables].flat();
  });
