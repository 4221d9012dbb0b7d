import type { ContractFile } from '../contract/contract.ts';
import type { Answers } from './answers.ts';
import { KEY_VALUES } from './authentications.ts';

type Callers = Pick<Answers, 'authentication' | 'keySetting' | 'keyPlace' | 'logIn' | 'session' | 'client' | 'running'>;

/**
 * Returns the settings that tell the service who its callers are. For a running service, they are read from the shell.
 */
export function callerSettings({ authentication, keySetting, running }: Callers): Record<string, string> {
  if (authentication === '' || keySetting === '') return {};
  return { [keySetting]: running ? `\${env.${keySetting}}` : KEY_VALUES[authentication] };
}

/** Returns the part of a contract that describes the callers. */
export function callersOf(answers: Callers): Pick<ContractFile, 'authentication' | 'client'> {
  const authentication = authenticationOf(answers);
  const client = clientOf(answers.client);
  return { ...(authentication && { authentication }), ...(client !== 'socket' && { client }) };
}

function authenticationOf({ authentication: kind, keySetting, keyPlace, session }: Callers) {
  switch (kind) {
    case '':
      return undefined;
    case 'api-key':
      return { kind, keySetting, ...(keyPlace.startsWith('?') ? { query: keyPlace.slice(1) } : { header: keyPlace }) };
    case 'bearer-jwt-rs256':
    case 'bearer-jwt-es256':
      return { kind };
    case 'login': {
      const [place, name] = session.split(' ');
      return { kind, endpoint: 'login', keySetting, ...(place === 'cookie' ? { cookie: name } : { token: name }) };
    }
    default:
      return { kind, keySetting };
  }
}

function clientOf(answer: string): ContractFile['client'] {
  const [kind = '', value = ''] = answer.split(' ');
  if (kind === 'forwarded') return { forwarded: { hop: Number(value) } };
  return kind === 'header' ? { header: value } : (kind as 'socket' | 'key' | 'user');
}

/** Returns the part of an endpoint that describes its callers. */
export function credentialsOf({ authentication, client }: Callers): { user?: string; authenticated?: true } {
  if (authentication === '') return {};
  if (!authentication.startsWith('bearer-jwt')) return { authenticated: true };
  return { user: client === 'user' ? 'user-${client}' : 'user-${unique}' };
}

/** Returns the login endpoint, if there is one. */
export function logInOf({ authentication, logIn, session }: Callers): ContractFile['endpoints'] {
  if (authentication !== 'login') return {};
  const form = { username: '${user}', password: '${password}' };
  return { login: { method: 'POST', path: logIn, form, served: [session.startsWith('cookie') ? 303 : 200] } };
}
