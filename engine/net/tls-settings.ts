import { isIP } from 'node:net';
import type { ConnectionOptions, SecureVersion } from 'node:tls';
import { withoutBrackets } from './go-url.ts';
import { contextWith } from './trusted-roots.ts';

/** k6's names for TLS versions, from oldest to newest, with Node's corresponding names. */
const VERSIONS: Readonly<Record<string, SecureVersion>> = {
  // Neither Go nor OpenSSL supports SSL 3.0 any more, so use the lowest supported version.
  'ssl3.0': 'TLSv1',
  'tls1.0': 'TLSv1',
  'tls1.1': 'TLSv1.1',
  'tls1.2': 'TLSv1.2',
  'tls1.3': 'TLSv1.3',
};

export const TLS_VERSIONS = Object.keys(VERSIONS);

/** Converts Node's name for a TLS version to k6's. Returns an empty string for an unknown name. */
export const k6Version = (name: string): string => TLS_VERSIONS.findLast((version) => VERSIONS[version] === name) ?? '';

/** TLS 1.3 cipher suites, which k6 can't configure. */
const OF_TLS_13 = ['TLS_AES_256_GCM_SHA384', 'TLS_CHACHA20_POLY1305_SHA256', 'TLS_AES_128_GCM_SHA256'];

/** A client certificate and the domains that it is sent to. If no domains are given, it is sent to every domain. */
interface ClientCertificate {
  readonly cert: string;
  readonly key: string;
  readonly password?: string | undefined;
  readonly domains?: readonly string[] | undefined;
}

/** Which servers are trusted, and how to speak to them. */
export interface TlsTrust {
  readonly verifyTls: boolean;
  readonly tls: TlsSettings;
  readonly certificates: readonly ClientCertificate[];
  /** The trusted root certificates, or undefined to use Node's built-in list. */
  readonly roots: readonly string[] | undefined;
}

/** Node's TLS options for `tlsVersion` and `tlsCipherSuites`. */
export type TlsSettings = Pick<ConnectionOptions, 'minVersion' | 'maxVersion' | 'ciphers'>;

/**
 * Converts a cipher suite's standard name to OpenSSL's name.
 *
 * @returns undefined if the installed OpenSSL does not support it.
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
  return process.getBuiltinModule('node:tls').getCiphers().includes(name.toLowerCase()) ? name : undefined;
}

/**
 * @param version The lowest and highest allowed version, under k6's names. Undefined or empty allows any version.
 * @param suites Standard names of cipher suites, or undefined for all. As in k6, TLS 1.3 suites have no effect.
 */
export function tlsSettings(
  version: { readonly min?: string | undefined; readonly max?: string | undefined },
  suites: readonly string[] | undefined,
): TlsSettings {
  const { min = '', max = '' } = version;
  const chosen = suites?.map(opensslName).filter((name) => name !== undefined && !OF_TLS_13.includes(name));
  const isOld = [min, max].some((name) => ['ssl3.0', 'tls1.0', 'tls1.1'].includes(name));
  // OpenSSL supports versions before 1.2 only at its lowest security level.
  const list = chosen?.length ? chosen : isOld ? [process.getBuiltinModule('node:tls').DEFAULT_CIPHERS] : [];
  const ciphers = isOld ? [...list, '@SECLEVEL=0'] : list;
  return {
    ...(min !== '' && { minVersion: VERSIONS[min] }),
    // The default minimum is 1.2, which would contradict a lower maximum.
    ...(min === '' && isOld && { minVersion: 'TLSv1' as const }),
    ...(max !== '' && { maxVersion: VERSIONS[max] }),
    ...(ciphers.length > 0 && { ciphers: ciphers.join(':') }),
  };
}

/** Returns the TLS options for a host. They are the same for every protocol on top of TLS. */
export function tlsOptions(settings: TlsTrust, host: string): ConnectionOptions {
  const { tls, verifyTls, certificates, roots } = settings;
  const options = { ...tls, ...certificateFor(certificates, host) };
  const trust = roots && verifyTls ? { secureContext: contextWith(roots, options) } : options;
  // An SNI name is never an IP address (RFC 6066, section 3).
  const name = isIP(withoutBrackets(host)) === 0 ? { servername: host } : { host };
  return { ...trust, ...name, rejectUnauthorized: verifyTls };
}

function certificateFor(certificates: readonly ClientCertificate[], host: string): object {
  const matches = (domain: string) => (domain.startsWith('*.') ? host.endsWith(domain.slice(1)) : domain === host);
  const found = certificates.find(({ domains }) => !domains?.length || domains.some(matches));
  if (!found) return {};
  return { cert: found.cert, key: found.key, ...(found.password !== undefined && { passphrase: found.password }) };
}
