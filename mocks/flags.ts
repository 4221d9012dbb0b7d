import { parseArgs } from 'node:util';
import { Refusal } from '../faults/base/refusal.ts';
import { DEFAULT_SEED } from '../faults/fakes/provider.ts';

/** The parsed command-line flags. */
export interface Flags {
  readonly seed: string;
  /**
   * The file with the declared upstreams, or `-` for standard input. If undefined, there is one upstream of each kind.
   */
  readonly upstreams: string | undefined;
  /** The directory for `ca.pem`. If undefined, a temporary one is used. */
  readonly certificates: string | undefined;
  /** The modules of a team's own kinds of faults. */
  readonly faults: readonly string[];
  /** The header whose value the receipts of an upstream keep, by upstream. */
  readonly keys: Readonly<Record<string, string>>;
  /** Whether to exit when stdin is closed, which happens when the parent process dies. */
  readonly whileStdinOpen: boolean;
}

const options = {
  certificates: { type: 'string' },
  seed: { type: 'string' },
  upstreams: { type: 'string' },
  fault: { type: 'string', multiple: true },
  key: { type: 'string', multiple: true },
  'while-stdin-open': { type: 'boolean' },
} as const;

/**
 * Parses the command line: `--upstreams`, `--certificates`, `--seed`, `--fault` and `--key UPSTREAM=HEADER`
 * (both repeatable), `--while-stdin-open`.
 *
 * @throws Refusal `unknown-flag`
 */
export function readFlags(args: string[]): Flags {
  const values = parse(args);
  return {
    seed: values.seed ?? DEFAULT_SEED,
    upstreams: values.upstreams,
    certificates: values.certificates,
    faults: values.fault ?? [],
    keys: Object.fromEntries((values.key ?? []).map((pair) => pair.split('=', 2))),
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
