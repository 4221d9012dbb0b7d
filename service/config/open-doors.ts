import { settingsSchema } from './settings.ts';

/**
 * Settings by which anybody can pose as a server that this service talks to, a sentence each. Read from the environment
 * itself, so that they are told together with whatever else is wrong with it.
 */
export function openDoors(environment: NodeJS.ProcessEnv): string[] {
  const found: string[] = [];
  if (settingsSchema.shape.SSL_VERIFY_ENABLED.safeParse(environment.SSL_VERIFY_ENABLED).data === false) {
    found.push('SSL_VERIFY_ENABLED is False: certificates are NOT verified, anybody can pose as the external APIs!');
  }
  // Node's own switch, which overrules every connection that does not say otherwise.
  if (environment.NODE_TLS_REJECT_UNAUTHORIZED?.trim() === '0') {
    found.push('NODE_TLS_REJECT_UNAUTHORIZED is 0: certificates are NOT verified, anybody can pose as any server!');
  }
  // pg's own, which holds where the URL says nothing of TLS.
  if (environment.PGSSLMODE === 'no-verify') {
    found.push('PGSSLMODE is no-verify: the certificate is NOT verified, anybody can pose as the database!');
  }
  return found;
}
