import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { newToken } from '../../faults/base/token.ts';
import { listen } from '../base/listen.ts';
import { SETTINGS } from '../base/settings.ts';
import { contractFile, runOptions } from '../commands/lab-options.ts';
import { hostName } from '../contract/allowed-host.ts';
import { numbersOf } from '../contract/contract.ts';
import { seenFromOutside } from '../contract/seen-from-outside.ts';
import type { Receipt } from '../history/events.ts';
import { startLab as startSharedLab } from '../lab/lab.ts';
import { controlApi } from '../lab/lab-api.ts';
import { ScenarioLab } from '../lab/scenario-lab.ts';
import { temporaryFolder } from '../process/temporary-folder.ts';
import { loadProject } from '../project/load-project.ts';
import { SILENT } from '../report/reporters/reporter.ts';
import { run } from '../run/run.ts';
import type { RunResult } from '../verdict/run-result.ts';
import { askControl } from './ask-control.ts';

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
   * Returns the receipts of what has arrived at an upstream or `database` since the lab was started, in the order of
   * arrival. Waits at most a second for requests that have not ended.
   *
   * @param kind Defaults to `request`. TCP upstreams and `database` also have those of a `connection`.
   */
  receipts<Kind extends Receipt['kind'] = 'request'>(upstream: string, kind?: Kind): Promise<Of<Kind>[]>;
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

/** Implements `startLab` of the package. */
export async function startLab(options: TestLabOptions): Promise<TestLab> {
  inheritTypes();
  const { profile = SETTINGS.PROFILE.usual, conditions = [], contract: given } = options;
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
  const promised = await loadProject(flags.contract, flags);
  const contract = seenFromOutside(promised);
  const numbers = numbersOf(contract, profile);
  await using resources = new AsyncDisposableStack();
  const lab = resources.use(await startSharedLab({ ...flags, contract }));
  const { path: folder } = resources.use(await temporaryFolder(lab.reaper, join(tmpdir(), 'proofload-test-')));
  const history = { add() {} };
  const opened = await ScenarioLab.open({ lab, contract, numbers, conditions, beside: [], history, folder });
  const bench = resources.use(opened);
  const token = newToken();
  const api = resources.use(await listen(controlApi(bench, token)));
  const ask = askControl(api.url, token);
  const running = resources.move();
  return {
    url: bench.service.url,
    upstreams: lab.fakes.upstreams,
    fault: (upstream, fault) => ask('POST', faultsOf(upstream), fault),
    heal: (upstream) => ask('DELETE', upstream === undefined ? '/faults' : faultsOf(upstream)),
    async receipts<Kind extends Receipt['kind']>(upstream: string, kind = 'request' as Kind) {
      const of = `upstream=${encodeURIComponent(upstream)}`;
      const isOpen = async () => (await ask<{ open: number }>('GET', `/receipts/count?${of}`)).open > 0;
      for (let waited = 0; waited < PATIENCE_MS && (await isOpen()); waited += LOOK_MS) await sleep(LOOK_MS);
      const { receipts } = await ask<{ receipts: Receipt[] }>('GET', `/receipts?${of}`);
      return receipts.filter((receipt): receipt is Of<Kind> => receipt.kind === kind);
    },
    run: (...scenarios) =>
      run({ ...runOptions(flags, scenarios), labs: [lab], reporter: SILENT, signal: new AbortController().signal }),
    [Symbol.asyncDispose]: () => running.disposeAsync(),
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
