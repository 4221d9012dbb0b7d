import type { Contract } from '../contract.ts';
import { isListed } from '../credentials.ts';
import { filledTexts } from '../filled-texts.ts';
import { placeholdersIn } from '../placeholders.ts';
import { isAuthenticated, readsRow } from '../requests.ts';
import { type Authentication, isIssued } from '../schema/authentication.ts';
import { namesUser } from '../worthless.ts';
import { type Rule, rule } from './rule.ts';

/** Finds callers that can't be distinguished or can't authenticate as the contract says. */
export const callerRules: readonly Rule[] = [
  rule({
    at: 'endpoints.*.authenticated',
    when: ({ value, contract }) => value && contract.authentication === undefined,
    message: 'the contract does not say how requests are authenticated (authentication: …)',
  }),
  rule({
    at: 'authentication',
    when: ({ contract }) => !Object.values(contract.endpoints).some(isAuthenticated),
    message: 'no endpoint requires credentials; add "authenticated: true" to those that do',
  }),
  rule({
    at: 'endpoints.*.authenticated',
    when: ({ value, entry, contract: { authentication } }) =>
      value && authentication !== undefined && !isListed(authentication) && entry.user === undefined,
    message: ({ contract }) => `${contract.authentication?.kind} needs a user for the token: user: 'user-\${unique}'`,
  }),
  rule({
    at: 'endpoints.*.user',
    message: ({ value, contract: { authentication } }) =>
      isListed(authentication) && hasUsers(authentication) && placeholdersIn(value).length > 0
        ? `"${value}": the users are those in ${authentication.keySetting}; name one of them, or leave it out and write authenticated: true`
        : undefined,
  }),
  rule({
    at: 'endpoints.*.onlyOwn',
    when: ({ value, contract: { authentication } }) =>
      value && authentication !== undefined && !hasUsers(authentication),
    message: 'needs an authentication with users',
  }),
  rule({
    at: 'endpoints.*.onlyOwn',
    when: ({ value, entry, contract: { authentication, ledger } }) =>
      value && hasUsers(authentication) && !namesUser(entry) && !(ledger && readsRow(entry, ledger.key)),
    message:
      'the request must name its user with ${user} in its path, query, headers or body, or be a GET whose path or ' +
      'query has the key of the ledger',
  }),
  rule({
    at: 'endpoints.*',
    when: ({ value: endpoint, name, contract: { authentication } }) =>
      authentication?.kind === 'login' && authentication.endpoint === name && isAuthenticated(endpoint),
    message: ({ name }) => `"${name}" can't require credentials, because it issues them (authenticated: false)`,
  }),
  rule({
    at: 'authentication.kind',
    when: ({ contract: { authentication, start } }) => isIssued(authentication) && start.running !== undefined,
    message: 'a running service does not know the keys of the lab, which are new in each run',
  }),
  rule({
    at: 'authentication.kind',
    when: ({ contract }) =>
      isIssued(contract.authentication) && contract.start.running === undefined && !namesIssuer(contract),
    message: 'no setting gives the service the address of the keys: ${jwks}, or ${issuer} for discovery',
  }),
  rule({
    at: 'client',
    when: ({ value, contract: { authentication } }) =>
      value === 'key' && authentication?.kind !== 'bearer' && authentication?.kind !== 'api-key',
    message: '"key" needs an authentication of kind bearer or api-key',
  }),
  rule({
    at: 'client',
    when: ({ value, contract }) => value === 'user' && !hasUsers(contract.authentication),
    message: '"user" needs an authentication with users (JWT, basic, or entries: user:key)',
  }),
  rule({
    at: 'endpoints.*.user',
    when: ({ value, contract: { client, authentication } }) =>
      client === 'user' &&
      hasUsers(authentication) &&
      (value.includes('${unique}') || (!isListed(authentication) && !value.includes('${client}'))),
    message: ({ value }) =>
      `"${value}" must be a different user for each client (client: user), and the same in all requests of a client; use \${client}`,
  }),
  rule({
    at: 'profiles.*.limits.*',
    when: ({ key, contract: { client, endpoints } }) =>
      (client === 'key' || client === 'user') && endpoints[key] !== undefined && !isAuthenticated(endpoints[key]),
    message: ({ key, contract }) =>
      `the client is known by its ${contract.client}, but requests to "${key}" carry no credentials (authenticated: true)`,
  }),
];

/** Whether a service's credentials belong to users. */
const hasUsers = (authentication: Authentication | undefined): boolean =>
  authentication !== undefined &&
  (!isListed(authentication) || !('entries' in authentication) || authentication.entries === 'user:key');

/** Whether a text of the contract gives the service the address of the lab's public keys. */
const namesIssuer = (contract: Contract): boolean =>
  filledTexts(contract)
    .flatMap(({ text }) => placeholdersIn(text))
    .some((name) => name === 'jwks' || name === 'issuer');
