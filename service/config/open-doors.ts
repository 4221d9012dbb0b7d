import { settingsSchema } from './settings.ts';

/**
 * Returns a message for each setting that would allow anyone to impersonate a server that this service calls. Reads the
 * environment directly, so that these problems are reported together with all others.
 */
export function openDoors(environment: NodeJS.ProcessEnv): string[] {
  const found: string[] = [];
  if (settingsSchema.shape.SSL_VERIFY_ENABLED.safeParse(environment.SSL_VERIFY_ENABLED).data === false) {
    found.push('SSL_VERIFY_ENABLED is False: certificates are NOT verified, anyone can impersonate the external APIs!');
  }
  // This Node setting applies to every connection that does not set its own value.
  if (environment.NODE_TLS_REJECT_UNAUTHORIZED?.trim() === '0') {
    found.push('NODE_TLS_REJECT_UNAUTHORIZED is 0: certificates are NOT verified, anyone can impersonate any server!');
  }
  // pg uses this variable if the URL does not set the TLS mode.
  if (environment.PGSSLMODE === 'no-verify') {
    found.push('PGSSLMODE is no-verify: the certificate is NOT verified, anyone can impersonate the database!');
  }
  return found;
}
