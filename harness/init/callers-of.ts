import type { ContractFile } from '../contract/contract.ts';
import type { Authentication, AuthenticationFile } from './ask-authentication.ts';
import type { Client } from './ask-limits.ts';

/** The parts of a contract that describe the callers. */
interface Callers {
  parts: Pick<ContractFile, 'authentication' | 'client'>;
  environment: Record<string, string>;
  /** The part of each authenticated endpoint. */
  endpoint: { user?: string; authenticated?: true };
  endpoints: ContractFile['endpoints'];
}

/** Returns the parts of a contract for callers with this authentication and identification. */
export function callersOf(
  found: Authentication | undefined,
  { client = 'socket', isRunning }: { client: Client | undefined; isRunning: boolean },
): Callers {
  const known = client === 'socket' ? {} : { client };
  if (!found) return { parts: known, environment: {}, endpoint: {}, endpoints: {} };
  const { environment, endpoints } = found;
  const ofUsers = client === 'user' && isKeyed(found.authentication);
  const settings = Object.entries(environment).map(([name, value]) => [
    name,
    settingOf(name, ofUsers ? '${users}' : value),
  ]);
  return {
    parts: { authentication: { ...found.authentication, ...(ofUsers && { entries: 'user:key' }) }, ...known },
    environment: Object.fromEntries(settings),
    endpoint: isOfAnyUser(found.authentication)
      ? { user: client === 'user' ? 'user-${client}' : 'user-${unique}', authenticated: true }
      : { authenticated: true },
    endpoints,
  };

  /** A running service already has its settings. They are read from the shell and not written to a file. */
  function settingOf(name: string, value: string): string {
    return isRunning ? `\${env.${name}}` : value;
  }
}

const isKeyed = ({ kind }: AuthenticationFile): boolean => kind === 'bearer' || kind === 'api-key';

/** Whether the service accepts any user. Otherwise, the users are those in one of its settings. */
const isOfAnyUser = (authentication: AuthenticationFile): boolean =>
  authentication.kind.startsWith('bearer-jwt') || !('keySetting' in authentication);
