import type { IncomingHttpHeaders } from 'node:http';

/** Headers that contain a credential, in lower case. */
const CREDENTIAL =
  /^(authorization|proxy-authorization|cookie)$|(^|-)([a-z]*api-?key|access-?key|subscription-key|auth|token|secret|signature|password)$/;

/** Schemes that may be recorded. The first word of an unknown scheme may be the credential itself. */
const SCHEMES = ['apikey', 'aws4-hmac-sha256', 'basic', 'bearer', 'digest', 'dpop', 'negotiate', 'ntlm', 'token'];

/**
 * Returns the names of the headers that contain credentials, sorted, with the scheme if it is a known one, for example
 * `authorization: bearer`. Never returns any part of a value.
 */
export function credentialsIn(headers: IncomingHttpHeaders): string[] {
  const names = Object.keys(headers).filter((name) => CREDENTIAL.test(name));
  return names.map((name) => withScheme(name, headers[name])).sort();
}

function withScheme(name: string, value: string | string[] | undefined): string {
  if (!name.endsWith('authorization')) return name;
  const scheme = /^(\S+)\s+\S/.exec(String(value))?.[1]?.toLowerCase();
  return scheme !== undefined && SCHEMES.includes(scheme) ? `${name}: ${scheme}` : name;
}
