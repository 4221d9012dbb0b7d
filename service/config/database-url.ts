import { readFileSync } from 'node:fs';

/** Modes in which `pg` either uses no TLS or verifies chain and host name; `prefer` too, which with libpq verifies nothing. */
const SOUND_MODES = ['disable', 'prefer', 'require', 'verify-ca', 'verify-full'];

/**
 * What is wrong with how a PostgreSQL URL asks for TLS; undefined where nothing is.
 *
 * `pg` 8 verifies the server's certificate and its host name for every `sslmode` but `disable` and `no-verify`, and for `ssl=true`. It
 * lets a server pass unverified where `sslmode=no-verify` or `ssl=no-verify` say so, and under `uselibpqcompat=true`, by
 * which `prefer` and `require` verify nothing and `verify-ca` no host name. A mode it does not know (`allow`, a typo) it
 * takes for one that verifies; what its author meant is not known, so it is refused.
 */
export function databaseTlsProblem(url: URL): string | undefined {
  // Of a repeated parameter the last counts, as it does for pg.
  const { sslmode, ssl, sslrootcert, ...others } = Object.fromEntries(url.searchParams) as Record<
    string,
    string | undefined
  >;
  if (sslmode === 'no-verify' || ssl === 'no-verify') {
    return 'asks for TLS without verification: use sslmode=verify-full, with sslrootcert=<file> for a CA of your own';
  }
  if ('uselibpqcompat' in others) {
    return 'must not have uselibpqcompat, by which sslmode=require verifies nothing: use sslmode=verify-full';
  }
  if (sslmode !== undefined && !SOUND_MODES.includes(sslmode)) {
    return `has an unknown sslmode: it must be one of ${SOUND_MODES.join(', ')}`;
  }
  if (ssl !== undefined && !/^(true|1|0)$/.test(ssl))
    return 'has an unknown value of ssl: it must be one of true, 1, 0';
  return sslrootcert ? unreadable(sslrootcert) : undefined;
}

// pg reads it when the first connection is made, which is too late to be told with the rest.
function unreadable(file: string): string | undefined {
  try {
    readFileSync(file);
    return undefined;
  } catch (error) {
    return `names an sslrootcert that can't be read (${(error as NodeJS.ErrnoException).code})`;
  }
}
