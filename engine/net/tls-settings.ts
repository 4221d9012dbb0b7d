import { type ConnectionOptions, DEFAULT_CIPHERS, getCiphers, type SecureVersion } from 'node:tls';

/** k6's names of TLS versions, the oldest first, and Node's. */
const VERSIONS: Readonly<Record<string, SecureVersion>> = {
  // Neither Go nor OpenSSL speaks it any more: the next one is the lowest.
  'ssl3.0': 'TLSv1',
  'tls1.0': 'TLSv1',
  'tls1.1': 'TLSv1.1',
  'tls1.2': 'TLSv1.2',
  'tls1.3': 'TLSv1.3',
};

export const TLS_VERSIONS = Object.keys(VERSIONS);

/** k6's name of a version that has Node's; empty for none. */
export const k6Version = (name: string): string => TLS_VERSIONS.findLast((version) => VERSIONS[version] === name) ?? '';

/** Suites of TLS 1.3: which of them are used is not up to a client of k6. */
const OF_TLS_13 = ['TLS_AES_256_GCM_SHA384', 'TLS_CHACHA20_POLY1305_SHA256', 'TLS_AES_128_GCM_SHA256'];

/** A client certificate, and the domains that it is sent to; all of them if there is no list. */
export interface ClientCertificate {
  readonly cert: string;
  readonly key: string;
  readonly password?: string | undefined;
  readonly domains?: readonly string[] | undefined;
}

/** What of Node's TLS options `tlsVersion` and `tlsCipherSuites` ask for. */
export type TlsSettings = Pick<ConnectionOptions, 'minVersion' | 'maxVersion' | 'ciphers'>;

/**
 * OpenSSL's name of a cipher suite that has the name of the standard.
 *
 * @returns undefined for what this OpenSSL has not.
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
 * @param version The lowest and the highest that are allowed, by k6's names; undefined or empty for any.
 * @param suites By the names of the standard; undefined for all. Those of TLS 1.3 change nothing, as in k6.
 */
export function tlsSettings(
  version: { readonly min?: string | undefined; readonly max?: string | undefined },
  suites: readonly string[] | undefined,
): TlsSettings {
  const { min = '', max = '' } = version;
  const chosen = suites?.map(opensslName).filter((name) => name !== undefined && !OF_TLS_13.includes(name));
  const isOld = [min, max].some((name) => ['ssl3.0', 'tls1.0', 'tls1.1'].includes(name));
  // OpenSSL has versions before 1.2 on its lowest level of security only.
  const list = chosen?.length ? chosen : isOld ? [DEFAULT_CIPHERS] : [];
  const ciphers = isOld ? [...list, '@SECLEVEL=0'] : list;
  return {
    ...(min !== '' && { minVersion: VERSIONS[min] }),
    // The default of the lowest is 1.2, which a highest below it would contradict.
    ...(min === '' && isOld && { minVersion: 'TLSv1' as const }),
    ...(max !== '' && { maxVersion: VERSIONS[max] }),
    ...(ciphers.length > 0 && { ciphers: ciphers.join(':') }),
  };
}
