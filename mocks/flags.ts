import { parseArgs } from 'node:util';
import { Refusal } from '../faults/base/refusal.ts';
import { DEFAULT_SEED } from '../faults/fakes/provider.ts';

/** How the fakes were asked to run. */
export interface Flags {
  /** Where the upstreams listen. */
  readonly host: string;
  /** Where the control API listens. */
  readonly controlHost: string;
  /** The control API's port, which those of the providers follow; undefined: free ports. */
  readonly firstPort: number | undefined;
  readonly seed: string;
  /** The directory for `ca.pem`; undefined: a temporary one. */
  readonly certificates: string | undefined;
  /** The file of a plan to carry out from the start. */
  readonly plan: string | undefined;
  /** End when stdin ends, as it does when the parent process dies. */
  readonly whileStdinOpen: boolean;
}

/** The control API's port in a container; the providers have the next ones, in the registry's order. */
export const FIRST_CONTAINER_PORT = 4000;

// The names that the certificates are good for.
const HOSTS = ['127.0.0.1', '::1', 'localhost'];

const options = {
  host: { type: 'string' },
  certificates: { type: 'string' },
  seed: { type: 'string' },
  plan: { type: 'string' },
  'in-container': { type: 'boolean' },
  'while-stdin-open': { type: 'boolean' },
} as const;

/**
 * Reads the command line: `--host`, `--certificates`, `--seed`, `--plan`, `--in-container`, `--while-stdin-open`.
 *
 * In a container everything listens on all its addresses (so on no others than the ports that are published), at ports
 * that are known before.
 *
 * @throws Refusal `unknown-flag` or `invalid-host`
 */
export function readFlags(args: string[]): Flags {
  const values = parse(args);
  const isInContainer = values['in-container'] ?? false;
  const host = values.host ?? '127.0.0.1';
  if (!HOSTS.includes(host)) {
    throw new Refusal('invalid-host', `--host ${host}; allowed: ${HOSTS.join(', ')}; in a container: --in-container`);
  }
  return {
    host: isInContainer ? '0.0.0.0' : host,
    controlHost: isInContainer ? '0.0.0.0' : '127.0.0.1',
    firstPort: isInContainer ? FIRST_CONTAINER_PORT : undefined,
    seed: values.seed ?? DEFAULT_SEED,
    certificates: values.certificates,
    plan: values.plan,
    whileStdinOpen: values['while-stdin-open'] ?? false,
  };
}

function parse(args: string[]) {
  try {
    return parseArgs({ args, options }).values;
  } catch (error) {
    const problem = error instanceof Error ? error.message : String(error);
    const allowed = Object.keys(options).map((name) => `--${name}`);
    throw new Refusal('unknown-flag', `${problem}; allowed: ${allowed.join(', ')}`);
  }
}
