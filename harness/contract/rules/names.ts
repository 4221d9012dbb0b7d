import type { Contract } from '../contract.ts';
import { filledTexts, requestTexts } from '../filled-texts.ts';
import { isHttp } from '../is-http.ts';
import { variablesIn } from '../placeholders.ts';
import { internals, TOKEN } from '../schema/secrecy.ts';
import { nameOf } from '../secret-settings.ts';
import { missing, type Rule, rule } from './rule.ts';

/** Finds names that refer to missing parts of the contract. */
export const nameRules: readonly Rule[] = [
  rule({ at: 'authentication.keySetting', message: ({ value, contract }) => missing(value, contract.environment) }),
  rule({
    at: [
      'authentication.endpoint',
      'health',
      'breakers.*.endpoint',
      'breakers.*.openings.endpoint',
      'ledger.endpoint',
      'termination.ready',
      'capacity.endpoint',
      'cpu.endpoint',
      'memory.endpoint',
      'pool.endpoint',
    ],
    message: ({ value, contract }) => missing(value, contract.endpoints),
  }),
  rule({
    at: 'breakers.*.untouched',
    message: ({ value, contract }) => value.map((endpoint) => missing(endpoint, contract.endpoints)),
  }),
  rule({
    at: ['profiles.*.limits.*', 'profiles.*.requestsInProgress.*', 'secrecy.allowed.responses.*'],
    message: ({ key, contract }) => missing(key, contract.endpoints),
  }),
  rule({
    at: 'profiles.*.limits.*.sharedWith',
    message: ({ value, entry }) => value.map((limit) => missing(limit, entry.limits)),
  }),
  rule({ at: 'profiles.*.breakers.*', message: ({ key, contract }) => missing(key, contract.breakers) }),
  rule({
    at: 'profiles.*.pool',
    when: ({ contract }) => contract.pool === undefined,
    message: 'the contract does not describe the pool; add `pool`',
  }),
  rule({
    at: 'frozen',
    message: ({ contract }) => {
      if (contract.start.container) return 'freezing a container is not supported; remove `frozen`';
      const reached = Object.values(contract.endpoints).flatMap(({ reaches }) => reaches);
      if (reached.some((name) => isHttp(contract, name))) return undefined;
      return 'no endpoint reaches an HTTP upstream; add `reaches` to one';
    },
  }),
  rule({
    at: 'termination.streams',
    when: ({ contract }) => Object.values(contract.endpoints).every(({ stream }) => stream === undefined),
    message: 'no endpoint promises a stream; add `stream` to one',
  }),
  rule({
    at: 'secrecy.allowed.responses.*.*',
    message: ({ value, contract }) => missing(value, recordOf([...secretsIn(contract), ...internals])),
  }),
  rule({
    at: ['secrecy.allowed.log.*', 'secrecy.allowed.files.*.*'],
    message: ({ value, contract }) => missing(value, recordOf([...secretsIn(contract), TOKEN])),
  }),
];

const recordOf = (names: readonly string[]): object => Object.fromEntries(names.map((name) => [name, true]));

/** Returns the names of settings and headers, of the variables that they contain, and of the lab's key. */
const secretsIn = (contract: Contract): string[] => [
  ...[...filledTexts(contract), ...requestTexts(contract)].flatMap(({ path, text }) => [
    ...[nameOf(path) ?? []].flat(),
    ...variablesIn(text),
  ]),
  'secret',
];
