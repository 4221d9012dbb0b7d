import type { Contract } from './contract.ts';
import { isListed } from './credentials.ts';
import type { Problem } from './dangling-names.ts';
import { filledTexts } from './filled-texts.ts';
import { placeholdersIn } from './placeholders.ts';
import { isAuthenticated } from './requests.ts';
import { type Authentication, isIssued } from './schema/authentication.ts';

type Endpoint = Contract['endpoints'][string];

/** Finds callers that can't be distinguished or can't authenticate as the contract says. */
export function contradictoryCallers(contract: Contract): Problem[] {
  return [
    ...authenticationProblems(contract),
    ...issuerProblems(contract),
    ...clientProblems(contract),
    ...limitProblems(contract),
  ];
}

/** Whether a service's credentials belong to users. */
const hasUsers = (authentication: Authentication): boolean =>
  !isListed(authentication) || !('entries' in authentication) || authentication.entries === 'user:key';

function authenticationProblems({ authentication, endpoints }: Contract): Problem[] {
  const all = Object.entries(endpoints);
  if (!authentication) {
    return all
      .filter(([, { authenticated }]) => authenticated)
      .map(([name]) => ({
        path: ['endpoints', name, 'authenticated'],
        message: 'the contract does not say how requests are authenticated (authentication: …)',
      }));
  }
  const users = [
    ...all.flatMap(([name, endpoint]) => userProblem(authentication, name, endpoint)),
    ...all.flatMap(([name, endpoint]) => ownProblem(authentication, name, endpoint)),
  ];
  if (all.some(([, endpoint]) => isAuthenticated(endpoint))) return users;
  const message = 'no endpoint requires credentials; add "authenticated: true" to those that do';
  return [{ path: ['authentication'], message }, ...users];
}

function userProblem(authentication: Authentication, name: string, { user, authenticated }: Endpoint): Problem[] {
  if (!isListed(authentication)) {
    if (!authenticated || user !== undefined) return [];
    const message = `${authentication.kind} needs a user for the token: user: 'user-\${unique}'`;
    return [{ path: ['endpoints', name, 'authenticated'], message }];
  }
  if (!hasUsers(authentication) || user === undefined || placeholdersIn(user).length === 0) return [];
  const message = `"${user}": the users are those in ${authentication.keySetting}; name one of them, or leave it out and write authenticated: true`;
  return [{ path: ['endpoints', name, 'user'], message }];
}

/** An endpoint can reject requests on behalf of other users only if the request names a user. */
function ownProblem(authentication: Authentication, name: string, { user: _, ...endpoint }: Endpoint): Problem[] {
  if (!endpoint.onlyOwn) return [];
  const path = ['endpoints', name, 'onlyOwn'];
  if (!hasUsers(authentication)) return [{ path, message: 'needs an authentication with users' }];
  if (JSON.stringify(endpoint).includes('${user}')) return [];
  return [{ path, message: 'the request has to name its user, by ${user} in its path, query, headers or body' }];
}

/** The service must be able to find the lab's public key, and a login endpoint must not require credentials itself. */
function issuerProblems(contract: Contract): Problem[] {
  const { authentication, start, endpoints } = contract;
  if (authentication?.kind === 'login') {
    const { endpoint } = authentication;
    if (!endpoints[endpoint] || !isAuthenticated(endpoints[endpoint])) return [];
    const message = `"${endpoint}" can't need credentials, since it hands them out (authenticated: false)`;
    return [{ path: ['endpoints', endpoint], message }];
  }
  if (!isIssued(authentication)) return [];
  const path = ['authentication', 'kind'];
  if (start.running) {
    return [{ path, message: 'a running service does not know the keys of the lab, which are new in each run' }];
  }
  const names = filledTexts(contract).flatMap(({ text }) => placeholdersIn(text));
  if (names.includes('jwks') || names.includes('issuer')) return [];
  return [{ path, message: 'no setting tells the service where the keys are: ${jwks}, or ${issuer} for discovery' }];
}

function clientProblems({ client, authentication, endpoints }: Contract): Problem[] {
  if (client === 'key' && authentication?.kind !== 'bearer' && authentication?.kind !== 'api-key') {
    return [{ path: ['client'], message: '"key" needs an authentication of kind bearer or api-key' }];
  }
  if (client !== 'user') return [];
  if (!authentication || !hasUsers(authentication)) {
    return [
      { path: ['client'], message: '"user" needs an authentication with users (JWT, basic, or entries: user:key)' },
    ];
  }
  return Object.entries(endpoints)
    .filter(
      ([, { user }]) =>
        user?.includes('${unique}') || (!isListed(authentication) && user?.includes('${client}') === false),
    )
    .map(([name, { user }]) => ({
      path: ['endpoints', name, 'user'],
      message: `"${user}" has to be another user for each client (client: user), and the same in all of its requests; use \${client}`,
    }));
}

/** If clients are identified by their credentials, there must be enough credentials for each limit. */
function limitProblems({ client, endpoints, profiles }: Contract): Problem[] {
  if (client !== 'key' && client !== 'user') return [];
  return Object.entries(profiles).flatMap(([profile, { limits }]) =>
    Object.keys(limits)
      .filter((name) => endpoints[name] && !isAuthenticated(endpoints[name]))
      .map((name) => ({
        path: ['profiles', profile, 'limits', name],
        message: `the client is known by its ${client}, but requests to "${name}" carry no credentials (authenticated: true)`,
      })),
  );
}
