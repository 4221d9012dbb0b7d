import { type ConnectionOptions, DEFAULT_CIPHERS, getCiphers, type SecureVersion } from 'node:tls';

/** k6's names of TLS versions, oldest first, and Node's. */
const VERSIONS: Readonly<Record<string, SecureVersion>> = {
  // Neither Go nor OpenSSL supports it any more; use the lowest supported version.
  'ssl3.0': 'TLSv1',
  'tls1.0': 'TLSv1',
  'tls1.1': 'TLSv1.1',
  'tls1.2': 'TLSv1.2',
  'tls1.3': 'TLSv1.3',
};

export const TLS_VERSIONS = Object.keys(VERSIONS);

/** Returns k6's name for Node's name of a version; empty for none. */
export const k6Version = (name: string): string => TLS_VERSIONS.findLast((version) => VERSIONS[version] === name) ?? '';

/** Suites of TLS 1.3. Clients of k6 can't select among them. */
const OF_TLS_13 = ['TLS_AES_256_GCM_SHA384', 'TLS_CHACHA20_POLY1305_SHA256', 'TLS_AES_128_GCM_SHA256'];

/** A client certificate and the domains that it is sent to; all domains without a list. */
export interface ClientCertificate {
  readonly cert: string;
  readonly key: string;
  readonly password?: string | undefined;
  readonly domains?: readonly string[] | undefined;
}

/** Node's TLS options for `tlsVersion` and `tlsCipherSuites`. */
export type TlsSettings = Pick<ConnectionOptions, 'minVersion' | 'maxVersion' | 'ciphers'>;

/**
 * Returns OpenSSL's name for the standard name of a cipher suite.
 *
 * @returns undefined if this OpenSSL does not support it.
 */
export function opensslName(suite: string): string | undefined {
  if (OF_TLS_13.includes(suite)) return suite;
  const name = suite
    .replace(/^TLS_/, '')
    .replace(/^(?:RSA_)?WITH_|_WITH_/, (part) => (part.startsWith('_') ? '_' : ''))
    .replace(/AES_(\d+)/, 'AES$1')
    .replace('_CBC', '')
    .replace(/(POLY1305)_SHA256$/, '$1')
    .replaceAll('_', '-');
  return getCiphers().includes(name.toLowerCase()) ? name : undefined;
}

/**
 * @param version The lowest and highest allowed version, by k6's names; undefined or empty for any.
 * @param suites Standard names; undefined for all. As in k6, suites of TLS 1.3 have no effect.
 */
export function tlsSettings(
  version: { readonly min?: string | undefined; readonly max?: string | undefined },
  suites: readonly string[] | undefined,
): TlsSettings {
  const { min = '', max = '' } = version;
  const chosen = suites?.map(opensslName).filter((name) => name !== undefined && !OF_TLS_13.includes(name));
  const isOld = [min, max].some((name) => ['ssl3.0', 'tls1.0', 'tls1.1'].includes(name));
  // OpenSSL supports versions before 1.2 only at its lowest security level.
  const list = chosen?.length ? chosen : isOld ? [DEFAULT_CIPHERS] : [];
  const ciphers = isOld ? [...list, '@SECLEVEL=0'] : list;
  return {
    ...(min !== '' && { minVersion: VERSIONS[min] }),
    // The default minimum is 1.2, which would contradict a lower maximum.
    ...(min === '' && isOld && { minVersion: 'TLSv1' as const }),
    ...(max !== '' && { maxVersion: VERSIONS[max] }),
    ...(ciphers.length > 0 && { ciphers: ciphers.join(':') }),
  };
}
