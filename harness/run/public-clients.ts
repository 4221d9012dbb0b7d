import { fileURLToPath } from 'node:url';
import { isSystemError } from '../base/errors.ts';
import type { Contract } from '../contract/contract.ts';
import { PUBLIC_NETWORK } from '../contract/public-network.ts';
import { usesPostgres } from '../contract/uses-postgres.ts';
import { judgeFolder } from '../judge/judge-folder.ts';
import type { Lab } from '../lab/lab.ts';
import { isPostgresUrl } from '../lab/postgres/postgres-choice.ts';
import { Child } from '../process/child.ts';
import type { ScenarioResult } from '../verdict/run-result.ts';
import type { RunOptions } from './run-options.ts';
import type { ScenarioRun } from './run-scenario.ts';

/** A scenario whose clients need public addresses, and the options of its run. */
export interface PublicRun extends Omit<ScenarioRun, 'watcher' | 'publicClients'> {
  readonly options: RunOptions;
}

/** The job that the process in the namespace reads from its standard input. */
export interface PublicJob
  extends Pick<PublicRun, 'noise' | 'folder' | 'seed' | 'again' | 'callsAtOnce'>,
    Pick<Lab, 'prepared'>,
    Pick<RunOptions, 'contract' | 'command' | 'allowHost' | 'changes' | 'isBrief' | 'profile' | 'engine'> {
  readonly scenario: string;
}

const MAIN = fileURLToPath(new URL('public-clients-main.ts', import.meta.url));

/** How long the process may take to clean up after an abort, in milliseconds. Then it is killed. */
const END_MS = 10_000;

/** Gives the namespace its loopback interface, with the network of the clients, and drops the rights for this. */
const SET_UP = `(PATH="$PATH:/usr/sbin:/sbin"; ip link set lo up && ip addr add ${PUBLIC_NETWORK} dev lo) && exec setpriv --inh-caps=-all --ambient-caps=-all "$@"`;

/** Returns the words that start a command in a network namespace. Users without rights get a user namespace as well. */
const inNamespace = (): string[] => [
  'unshare',
  ...(process.getuid?.() === 0 ? [] : ['--user', '--map-current-user', '--keep-caps']),
  '--net',
  'sh',
  '-c',
  SET_UP,
  'sh',
];

/** Whether a scenario can only be judged if its clients have public addresses. */
export const needsPublicClients = ({ findings }: ScenarioResult): boolean =>
  findings.some((finding) => finding.needsPublicClients);

/** Returns why no client can have a public address in a scenario, if this is known without a trial. */
export function whyNoPublicClients({ contract, engine, scenario, options }: PublicRun): string | undefined {
  if (process.platform !== 'linux') return 'only Linux has network namespaces';
  if (scenario.mutation) return 'the proxies of "proofload prove" are outside of a namespace';
  if (engine.name === 'docker') return 'the engine runs in a container';
  return whereElse(contract, options);
}

/** Returns which part of the lab a network namespace would not contain, if any. */
function whereElse(contract: Contract, { postgres }: RunOptions): string | undefined {
  const { running, container } = contract.start;
  if (running) return 'the service was not started by proofload';
  if (container) return 'the service runs in a container';
  const isOutside = usesPostgres(contract) && (isPostgresUrl(postgres) || postgres === 'container');
  return isOutside ? 'PostgreSQL is not part of the lab; use POSTGRES=embedded' : undefined;
}

/**
 * Runs a scenario with a new lab in a network namespace, in which clients have public addresses. Nothing else of this
 * machine can be reached there. The process in it ends with this one.
 *
 * @throws Error if the machine allows no such namespace, or if the lab does not start in it
 * @throws The abort reason from `signal`
 */
export async function runWithPublicClients(run: PublicRun): Promise<ScenarioResult> {
  const { scenario, engine, lab, noise, folder, seed, again, callsAtOnce, signal, options } = run;
  const { contract, command, allowHost, changes, isBrief, profile } = options;
  const of = { contract, command, allowHost, changes, isBrief, profile, engine: engine.name };
  const job: PublicJob = {
    ...of,
    scenario: scenario.name,
    prepared: lab.prepared,
    noise,
    folder,
    seed,
    again,
    callsAtOnce,
  };
  const said: string[] = [];
  const child = await Child.start({
    command: [...inNamespace(), process.execPath, MAIN],
    reaper: lab.reaper,
    endsWithInput: true,
    isolated: true,
    onLine: (line) => said.push(line),
  }).catch((error) => {
    throw isSystemError(error) && error.code === 'ENOENT' ? new Error('there is no "unshare" on PATH') : error;
  });
  const end = () => void child.stop(END_MS);
  signal.addEventListener('abort', end);
  if (signal.aborted) end();
  child.say(JSON.stringify(job));
  const exit = await child.exited;
  signal.removeEventListener('abort', end);
  signal.throwIfAborted();
  if (exit.code !== 0) throw new Error(said.at(-1) ?? `the network namespace ended with ${exit.signal ?? exit.code}`);
  return judgeFolder(folder);
}

/** Returns why the result of a scenario with public clients can't replace the first one, if so. */
export function whyNotTaken(result: ScenarioResult, first: ScenarioResult): string | undefined {
  if (result.notRun !== undefined) return result.notRun;
  const mayFail = (check: string) =>
    first.findings.some((of) => of.check === check && (of.needsPublicClients || of.verdict === 'FAIL'));
  const wrong = result.findings.find(({ check, verdict }) => verdict === 'FAIL' && !mayFail(check));
  const open = result.verdict === 'FAIL' ? undefined : result.findings.find(({ verdict }) => verdict !== 'PASS');
  const unlike = wrong ?? open;
  return unlike && `in the network namespace, ${unlike.check}: ${unlike.observed}`;
}

/** Returns the first result of a scenario, which stays INCONCLUSIVE because no client could have a public address. */
export const withoutPublicClients = (first: ScenarioResult, why: string): ScenarioResult => ({
  ...first,
  findings: first.findings.map((finding) =>
    finding.needsPublicClients
      ? {
          ...finding,
          observed: `${finding.observed}, and none could have an address of ${PUBLIC_NETWORK}: ${why}`,
          lasting: true,
        }
      : finding,
  ),
});
