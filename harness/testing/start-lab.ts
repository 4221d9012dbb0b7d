import { resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { ProofloadError } from '../base/errors.ts';
import { SETTINGS } from '../base/settings.ts';
import { contractFile, runOptions } from '../commands/lab-options.ts';
import { hostName } from '../contract/allowed-host.ts';
import { DATABASE } from '../contract/uses-postgres.ts';
import type { Receipt } from '../history/events.ts';
import { loadProject } from '../project/load-project.ts';
import { SILENT } from '../report/reporters/reporter.ts';
import { run } from '../run/run.ts';
import type { RunResult } from '../verdict/run-result.ts';
import { type Addresses, openBench } from '../workbench/open-bench.ts';
import { askControl } from './ask-control.ts';
import { leaseLab } from './shared-lab.ts';

const HOOK = new URL('../../bin/strip-types.js', import.meta.url).href;

/** How to start a lab for a test. The defaults are those of the command line. */
export interface TestLabOptions {
  /** The file of the contract. Defaults to the contract in the working directory. */
  readonly contract?: string | URL;
  /** The profile with the settings of the service. Defaults to `fast`. */
  readonly profile?: string;
  /** The conditions of the contract under which the service is started, such as `no-rate-limits`. Defaults to none. */
  readonly conditions?: readonly string[];
  /** `auto`, `k6`, `docker` or `embedded`: what runs scenarios. Defaults to `auto`. */
  readonly engine?: string;
  /** `auto`, `container`, `embedded` or a `postgres://` URL. Defaults to `auto`. */
  readonly postgres?: string;
  /** The folder for the results of scenarios. Defaults to `results`. */
  readonly results?: string;
  /** The exact names of other machines whose running service the contract may name. Defaults to none. */
  readonly allowHost?: readonly string[];
  /**
   * Whether test files with the same contract and settings use the same lab, one file after another. A file gets it
   * without faults, and with a new process of the service if its files have changed. It ends with the test runner, and
   * if no file has used it for `idleSeconds`, which are 300 by default. Defaults to false.
   */
  readonly shared?: boolean | { readonly idleSeconds?: number };
}

type Of<Kind extends Receipt['kind']> = Extract<Receipt, { kind: Kind }>;

/** A service with everything around it, for a test. */
export interface TestLab extends AsyncDisposable {
  /** The address of the service. */
  readonly url: string;
  /** The addresses of the upstreams, by name. */
  readonly upstreams: Readonly<Record<string, string>>;
  /**
   * Breaks an upstream or `database` until it is healed. Resolves when the fault is active.
   *
   * @param fault Its kind and fields, as in docs/faults.md, and its scope, such as `next: 1`.
   * @throws Error if there is no such upstream or fault
   */
  fault(upstream: string, fault: { readonly kind: string; readonly [field: string]: unknown }): Promise<void>;
  /** Heals the faults of an upstream, of `database`, or all. Resolves when their effects have been undone. */
  heal(upstream?: string): Promise<void>;
  /**
   * Returns the receipts of what has arrived at an upstream or `database` since `startLab`, in the order of arrival.
   * Waits at most a second for requests that have not ended.
   *
   * @param kind Defaults to `request`. TCP upstreams and `database` also have those of a `connection`.
   */
  receipts<Kind extends Receipt['kind'] = 'request'>(upstream: string, kind?: Kind): Promise<Of<Kind>[]>;
  /** Restarts the service with SIGTERM, for example to close its breakers. Resolves when it is ready. */
  restart(): Promise<void>;
  /**
   * Runs scenarios, or suites, with new processes of the service, and heals all faults. The results are written as
   * those of `proofload run`.
   *
   * @returns The result, with the verdict and all checks.
   * @throws ProofloadError SCENARIO_UNKNOWN
   */
  run(...scenarios: string[]): Promise<RunResult>;
}

/** How long to wait for open requests, and how often to check them, in milliseconds. */
const [PATIENCE_MS, LOOK_MS] = [1_000, 10];

/** The longest time that a shared lab may wait for its next use, and the default, in seconds. */
const [LONGEST_IDLE, USUAL_IDLE] = [86_400, 300];

/** Implements `startLab` of the package. */
export async function startLab(options: TestLabOptions): Promise<TestLab> {
  inheritTypes();
  const { profile = SETTINGS.PROFILE.usual, conditions = [], contract: given, shared = false } = options;
  const flags = {
    contract: contractFile(
      given === undefined ? {} : { contract: given instanceof URL ? fileURLToPath(given) : given },
    ),
    profile,
    engine: options.engine ?? SETTINGS.ENGINE.usual,
    postgres: options.postgres ?? SETTINGS.POSTGRES.usual,
    results: resolve(options.results ?? 'results'),
    ...(options.allowHost && { allowHost: options.allowHost.map(hostName) }),
  };
  if (shared === false) {
    const bench = await openBench({ ...flags, conditions });
    const { signal } = new AbortController();
    return testLab(bench.addresses, {
      run: (scenarios) => run({ ...runOptions(flags, scenarios), labs: [bench.lab], reporter: SILENT, signal }),
      end: async () => bench[Symbol.asyncDispose](),
    });
  }
  const idleSeconds = idleSecondsOf(shared);
  const lease = await leaseLab({ flags, conditions, idleSeconds, contract: await loadProject(flags.contract, flags) });
  const { upstreams, control } = lease.addresses;
  const ask = askControl(control.url, control.token);
  const before: Record<string, number> = {};
  for (const upstream of Object.keys(upstreams)) before[upstream] = (await ask<Count>('GET', countOf(upstream))).last;
  before[DATABASE] = await ask<Count>('GET', countOf(DATABASE)).then(
    ({ last }) => last,
    () => 0, // there is no database
  );
  return testLab(lease.addresses, { run: lease.run, end: async () => lease.end() }, before);
}

/** @throws ProofloadError USAGE */
function idleSecondsOf(shared: true | { readonly idleSeconds?: number }): number {
  const { idleSeconds = USUAL_IDLE } = shared === true ? {} : shared;
  if (idleSeconds > 0 && idleSeconds <= LONGEST_IDLE) return idleSeconds;
  const allowed = `allowed: a number of seconds above 0, at most ${LONGEST_IDLE}`;
  throw new ProofloadError('USAGE', `shared.idleSeconds is ${idleSeconds}; ${allowed}`);
}

interface Count {
  readonly open: number;
  readonly last: number;
}

const countOf = (upstream: string): string => `/receipts/count?upstream=${encodeURIComponent(upstream)}`;

/** @param before The last receipts of others, by upstream. Defaults to none. */
function testLab(
  { url, upstreams, control }: Addresses,
  lab: { run(scenarios: readonly string[]): Promise<RunResult>; end(): Promise<void> },
  before: Readonly<Record<string, number>> = {},
): TestLab {
  const ask = askControl(control.url, control.token);
  return {
    url,
    upstreams,
    fault: (upstream, fault) => ask('POST', faultsOf(upstream), fault),
    heal: (upstream) => ask('DELETE', upstream === undefined ? '/faults' : faultsOf(upstream)),
    async receipts<Kind extends Receipt['kind'] = 'request'>(upstream: string, kind = 'request' as Kind) {
      const isOpen = async () => (await ask<Count>('GET', countOf(upstream))).open > 0;
      for (let waited = 0; waited < PATIENCE_MS && (await isOpen()); waited += LOOK_MS) await sleep(LOOK_MS);
      const query = `upstream=${encodeURIComponent(upstream)}&after=${before[upstream] ?? 0}`;
      const { receipts } = await ask<{ receipts: Receipt[] }>('GET', `/receipts?${query}`);
      return receipts.filter((receipt): receipt is Of<Kind> => receipt.kind === kind);
    },
    restart: () => ask('POST', '/service/restarts', { signal: 'SIGTERM' }),
    run: (...scenarios) => lab.run(scenarios),
    [Symbol.asyncDispose]: () => lab.end(),
  };
}

const faultsOf = (upstream: string): string => `/upstreams/${encodeURIComponent(upstream)}/faults`;

/**
 * Lets child processes read the TypeScript of this package, if it is installed: Node erases types everywhere but under
 * node_modules.
 */
function inheritTypes(): void {
  const { NODE_OPTIONS = '' } = process.env;
  if (!HOOK.includes('/node_modules/') || NODE_OPTIONS.includes(HOOK)) return;
  process.env.NODE_OPTIONS = `${NODE_OPTIONS} --import=${HOOK}`.trim();
}
