import { parseArgs } from 'node:util';
import { DEFAULT_SEED } from './fakes.ts';
import { Refusal } from './refusal.ts';

/** How the fakes were asked to run. */
export interface Flags {
  /** Where the upstreams listen. */
  readonly host: string;
  readonly seed: string;
  /** The directory for `ca.pem`; undefined: a temporary one. */
  readonly certificates: string | undefined;
  /** End when stdin ends, as it does when the parent process dies. */
  readonly whileStdinOpen: boolean;
}

// The names that the certificates are good for.
const HOSTS = ['127.0.0.1', '::1', 'localhost'];

/**
 * Reads the command line: `--host`, `--certificates`, `--seed`, `--while-stdin-open`.
 *
 * @throws Refusal `unknown-flag` or `invalid-host`
 */
export function readFlags(args: string[]): Flags {
  const values = parse(args);
  const host = values.host ?? '127.0.0.1';
  if (!HOSTS.includes(host)) throw new Refusal('invalid-host', `--host ${host}; allowed: ${HOSTS.join(', ')}`);
  return {
    host,
    seed: values.seed ?? DEFAULT_SEED,
    certificates: values.certificates,
    whileStdinOpen: values['while-stdin-open'] ?? false,
  };
}

function parse(args: string[]) {
  try {
    return parseArgs({
      args,
      options: {
        host: { type: 'string' },
        seed: { type: 'string' },
        certificates: { type: 'string' },
        'while-stdin-open': { type: 'boolean' },
      },
    }).values;
  } catch (error) {
    const problem = error instanceof Error ? error.message : String(error);
    throw new Refusal('unknown-flag', `${problem}; allowed: --host, --certificates, --seed, --while-stdin-open`);
  }
}
