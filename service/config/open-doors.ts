import type { Environment } from './secret-key.ts';
import { settingsSchema } from './settings.ts';

/**
 * Returns a message for each setting that lets others impersonate a server that this service calls. Reads the
 * environment directly, so that these problems are reported together with all others.
 *
 * @param stage In development, an upstream on this machine may use plain HTTP.
 */
export function openDoors(environment: NodeJS.ProcessEnv, stage: Environment): string[] {
  const found = ['GROQ_BASE_URL', 'MEM0_BASE_URL'].flatMap((name) => plainText(name, environment[name], stage));
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

/** Does not show the URL, because an invalid one may contain a password. */
function plainText(name: string, value: string | undefined, stage: Environment): string[] {
  const url = URL.parse(value?.trim() ?? '');
  if (url?.protocol !== 'http:' || (stage === 'development' && isLoopback(url.hostname))) return [];
  return [
    `${name} is an http:// URL: the API key and the conversations are sent in plain text, ` +
      'anyone can read them and impersonate the API! Use https://.',
  ];
}

const isLoopback = (host: string): boolean => /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(host);
