import { parseArgs } from 'node:util';
import { Refusal } from '../faults/base/refusal.ts';
import { DEFAULT_SEED } from '../faults/fakes/provider.ts';

/** The parsed command-line flags. */
export interface Flags {
  /** The address that the upstreams listen on. */
  readonly host: string;
  /** The address that the control API listens on. */
  readonly controlHost: string;
  /** The control API's port. The upstreams use the ports that follow it. If undefined, free ports are used. */
  readonly firstPort: number | undefined;
  readonly seed: string;
  /**
   * The file with the declared upstreams, or `-` for standard input. If undefined, there is one upstream of each kind.
   */
  readonly upstreams: string | undefined;
  /** The directory for `ca.pem`. If undefined, a temporary one is used. */
  readonly certificates: string | undefined;
  /** The file with a plan to run from the start. */
  readonly plan: string | undefined;
  /** The modules of a team's own kinds of faults. */
  readonly faults: readonly string[];
  /** Whether to exit when stdin is closed, which happens when the parent process dies. */
  readonly whileStdinOpen: boolean;
}

/** The control API's port in a container. The upstreams and the proxy use the ports that follow it, in order. */
export const FIRST_CONTAINER_PORT = 4000;

// The loopback names for which the certificates are valid.
const HOSTS = ['127.0.0.1', '::1', 'localhost'];

const options = {
  host: { type: 'string' },
  certificates: { type: 'string' },
  seed: { type: 'string' },
  upstreams: { type: 'string' },
  plan: { type: 'string' },
  fault: { type: 'string', multiple: true },
  'in-container': { type: 'boolean' },
  'while-stdin-open': { type: 'boolean' },
} as const;

/**
 * Parses the command line: `--upstreams`, `--host`, `--certificates`, `--seed`, `--plan`, `--fault` (repeatable),
 * `--in-container`, `--while-stdin-open`.
 *
 * In a container, the fakes listen on all addresses at fixed ports, which the user publishes.
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
    upstreams: values.upstreams,
    certificates: values.certificates,
    plan: values.plan,
    faults: values.fault ?? [],
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
