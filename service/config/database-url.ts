import { readFileSync } from 'node:fs';

/**
 * Modes in which `pg` either uses no TLS, or verifies the certificate chain and the host name. They include `prefer`,
 * although libpq verifies nothing in this mode.
 */
const SOUND_MODES = ['disable', 'prefer', 'require', 'verify-ca', 'verify-full'];

/**
 * Returns what is wrong with the TLS settings in a PostgreSQL URL, or undefined if they are safe.
 *
 * `pg` 8 verifies the certificate and host name for `ssl=true` and for every `sslmode` except `disable` and
 * `no-verify`. It skips verification for `sslmode=no-verify` and `ssl=no-verify`. With `uselibpqcompat=true`, `prefer`
 * and `require` verify nothing, and `verify-ca` does not verify the host name. `pg` verifies if the mode is unknown,
 * such as `allow` or a typo. The author may have meant a different mode, so unknown modes are rejected.
 */
export function databaseTlsProblem(url: URL): string | undefined {
  // Like pg, use the last value of a repeated parameter.
  const { sslmode, ssl, sslrootcert, ...others } = Object.fromEntries(url.searchParams) as Record<
    string,
    string | undefined
  >;
  if (sslmode === 'no-verify' || ssl === 'no-verify') {
    return 'asks for TLS without verification: use sslmode=verify-full, with sslrootcert=<file> for a private CA';
  }
  if ('uselibpqcompat' in others) {
    return 'must not set uselibpqcompat, with which sslmode=require verifies nothing: use sslmode=verify-full';
  }
  if (sslmode !== undefined && !SOUND_MODES.includes(sslmode)) {
    return `has an unknown sslmode: it must be one of ${SOUND_MODES.join(', ')}`;
  }
  if (ssl !== undefined && !/^(true|1|0)$/.test(ssl))
    return 'has an unknown value of ssl: it must be one of true, 1, 0';
  return sslrootcert ? unreadable(sslrootcert) : undefined;
}

// pg reads the file only when it connects. Check it now, so that the problem is reported together with all others.
function unreadable(file: string): string | undefined {
  try {
    readFileSync(file);
    return undefined;
  } catch (error) {
    return `names an sslrootcert that can't be read (${(error as NodeJS.ErrnoException).code})`;
  }
}
