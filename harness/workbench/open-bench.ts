import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { newToken } from '../../faults/base/token.ts';
import { ProofloadError } from '../base/errors.ts';
import { listen } from '../base/listen.ts';
import { type Contract, numbersOf } from '../contract/contract.ts';
import { seenFromOutside } from '../contract/seen-from-outside.ts';
import { type Lab, startLab } from '../lab/lab.ts';
import { controlApi } from '../lab/lab-api.ts';
import { ScenarioLab } from '../lab/scenario-lab.ts';
import { temporaryFolder } from '../process/temporary-folder.ts';
import { loadProject } from '../project/load-project.ts';
import type { RunOptions } from '../run/run-options.ts';
import { canBeMet } from '../run/scenario.ts';

export interface BenchOptions extends Pick<RunOptions, 'contract' | 'command' | 'allowHost' | 'profile' | 'postgres'> {
  /** The conditions of the contract under which the service is started. Defaults to none. */
  readonly conditions?: readonly string[];
}

/** What a test in any language needs to know of a running service. */
export interface Addresses {
  /** The address of the service. */
  readonly url: string;
  /** The addresses of the upstreams, by name. */
  readonly upstreams: Readonly<Record<string, string>>;
  /** The API that sets faults and returns receipts: see `controlApi`. */
  readonly control: { readonly url: string; readonly token: string; readonly openapi: string };
  /** The file with the output of the service, which is removed at the end. */
  readonly log: string;
  /** The process that runs all this, and ends it with SIGTERM. */
  readonly pid: number;
}

/** A service with its upstreams and its database, without a page. Disposing of it stops everything. */
export interface Bench extends AsyncDisposable {
  readonly addresses: Addresses;
  readonly contract: Contract;
  readonly lab: Lab;
  readonly service: ScenarioLab;
}

/**
 * Starts a service with its upstreams, its database and the control API.
 *
 * @throws ProofloadError for incorrect usage, an invalid contract, or a lab or service that does not start
 */
export async function openBench(options: BenchOptions): Promise<Bench> {
  const { profile, conditions = [] } = options;
  const contract = seenFromOutside(await loadProject(options.contract, options));
  const numbers = numbersOf(contract, profile);
  const unknown = conditions.find((condition) => !canBeMet(condition, contract, numbers));
  if (unknown !== undefined) {
    const allowed = Object.keys(contract.conditions).join(', ') || 'none, the contract has no conditions';
    throw new ProofloadError('USAGE', `the contract has no condition "${unknown}"; allowed: ${allowed}`);
  }
  await using resources = new AsyncDisposableStack();
  const lab = resources.use(await startLab({ ...options, contract }));
  const { path: folder } = resources.use(await temporaryFolder(lab.reaper, join(tmpdir(), 'proofload-test-')));
  const opened = await ScenarioLab.open({
    lab,
    contract,
    numbers,
    conditions: conditions.filter((condition) => Object.hasOwn(contract.conditions, condition)),
    beside: [],
    history: { add() {} },
    folder,
  });
  const service = resources.use(opened);
  const token = newToken();
  const { url } = resources.use(await listen(controlApi(service, token)));
  const running = resources.move();
  return {
    addresses: {
      url: service.service.url,
      upstreams: lab.fakes.upstreams,
      control: { url, token, openapi: `${url}/openapi.json` },
      log: join(folder, 'service.log'),
      pid: process.pid,
    },
    contract,
    lab,
    service,
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  };
}
