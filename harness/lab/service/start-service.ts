import { join } from 'node:path';
import { now } from '../../base/clock.ts';
import { secrets } from '../../base/secrets.ts';
import type { Contract, Numbers } from '../../contract/contract.ts';
import type { ServiceEvent, Transition } from '../../history/events.ts';
import type { History } from '../../history/history.ts';
import { transitionReader } from '../../history/transitions.ts';
import type { Reaper } from '../../process/reaper.ts';
import { ExternalService } from './external-service.ts';
import type { Launch } from './launch.ts';
import { RestartableService } from './restartable-service.ts';
import { ServiceProcess } from './service-process.ts';

/** The service under test, which was either started by the lab or already running. */
export type ServiceUnderTest = Pick<
  RestartableService,
  'url' | 'pid' | 'gone' | 'restart' | typeof Symbol.asyncDispose
>;

/** Options for `startService`. */
interface StartOptions {
  contract: Contract;
  numbers: Numbers;
  /** Receives the service's events and its breakers' transitions. */
  history: Pick<History, 'add'>;
  /** The folder for the service's log. */
  folder: string;
  /** Called with each line in the service's log. */
  onLine?: ((line: string) => void) | undefined;
  reaper: Reaper;
  launch: Launch;
  port: number;
  /** The process's number, starting at 2. Absent for the first process. */
  process?: number | undefined;
}

/**
 * Starts a contract's service, or connects to it if it is already running, and records its events in the history.
 *
 * @throws ProofloadError SERVICE_NOT_READY
 */
export function startService(options: StartOptions): Promise<ServiceUnderTest> {
  const { contract, numbers, history, folder, onLine, reaper, launch, port, process } = options;
  const readTransition = transitionReader(contract, numbers);
  const record = (event: ServiceEvent | Transition) =>
    history.add({ ...event, ...(process !== undefined && { process }) });
  const common = {
    contract,
    logFile: join(folder, process === undefined ? 'service.log' : `service-${process}.log`),
    record,
    onLine: (line: string) => {
      const redacted = secrets.redact(line);
      onLine?.(redacted);
      // The patterns in the contract match the original line.
      const transition = readTransition(line, now());
      if (transition) record({ ...transition, line: redacted });
    },
  };
  const { running } = contract.start;
  if (running) return ExternalService.find({ ...common, running });
  return RestartableService.start(() => ServiceProcess.start({ ...common, launch, port, reaper }));
}
