import { join } from 'node:path';
import { now } from '../../base/clock.ts';
import { saysFailure } from '../../base/names-error.ts';
import { secrets } from '../../base/secrets.ts';
import type { Contract, Numbers } from '../../contract/contract.ts';
import type { HistoryEvent } from '../../history/events.ts';
import type { History } from '../../history/history.ts';
import { transitionReader } from '../../history/transitions.ts';
import type { Reaper } from '../../process/reaper.ts';
import type { LeakTargets } from '../../secrecy/find-leaks.ts';
import { ExternalService } from './external-service.ts';
import type { Launch } from './launch.ts';
import { RestartableService } from './restartable-service.ts';
import { searchLog } from './search-log.ts';
import { ServiceProcess } from './service-process.ts';

/** The service under test, which was either started by the lab or already running. */
export type ServiceUnderTest = Pick<
  RestartableService,
  'url' | 'pid' | 'pids' | 'gone' | 'restart' | 'kill' | typeof Symbol.asyncDispose
>;

/** Events that name the process that caused them. */
type OfProcess = Extract<HistoryEvent, { type: 'service' | 'transition' | 'count' | 'leak' | 'log' }>;

interface StartOptions {
  contract: Contract;
  numbers: Numbers;
  /** Receives the service's events and its breakers' transitions. */
  history: Pick<History, 'add'>;
  /** The folder for the service's log. */
  folder: string;
  /** Called with each line in the service's log. */
  onLine?: ((line: string) => void) | undefined;
  /** See `ServiceOptions`. */
  isReadyWithAnyStatus?: boolean | undefined;
  reaper: Reaper;
  launch: Launch;
  port: number;
  /** The process's number, starting at 2. Absent for the first process. */
  process?: number | undefined;
  /** The secrets that the log must not reveal, if the contract promises this. */
  leakTargets?: LeakTargets | undefined;
  /**
   * Changes lines of the log before they are read. Returning an empty text drops a line. An empty text as input may
   * become a line that the service did not write.
   */
  wire?: { line(line: string): string } | undefined;
}

/** How many lines of the log to record per second, and how many characters of each. */
const MOST_LINES = 10;
const LONGEST = 500;

/** Returns a function that says whether there is room for another line at a time. */
function fewPerSecond(): (at: number) => boolean {
  let [second, used] = [0, 0];
  return (at) => {
    const current = Math.floor(at / 1_000);
    used = current === second ? used + 1 : 1;
    second = current;
    return used <= MOST_LINES;
  };
}

/**
 * Starts a contract's service, or connects to it if it is already running, and records its events in the history.
 *
 * @throws ProofloadError SERVICE_NOT_READY
 */
export function startService(options: StartOptions): Promise<ServiceUnderTest> {
  const { contract, numbers, history, folder, onLine, reaper, launch, port, process, leakTargets, wire } = options;
  const readTransition = transitionReader(contract, numbers);
  const record = (event: OfProcess) => history.add({ ...event, ...(process !== undefined && { process }) });
  const search = leakTargets && searchLog(leakTargets, { of: 'log' }, record);
  let lines = 0;
  const isRoomAt = fewPerSecond();
  const read = (line: string): void => {
    const redacted = secrets.redact(line);
    onLine?.(redacted);
    lines = search?.(line) ?? lines;
    // The patterns in the contract match the original line.
    const transition = readTransition(line, now());
    if (transition) record({ ...transition, line: redacted });
    if (saysFailure(redacted) && isRoomAt(now())) record({ type: 'log', at: now(), text: redacted.slice(0, LONGEST) });
  };
  // The service may log nothing.
  const madeUp = wire?.line('');
  if (madeUp) read(madeUp);
  const common = {
    contract,
    logFile: join(folder, process === undefined ? 'service.log' : `service-${process}.log`),
    isReadyWithAnyStatus: options.isReadyWithAnyStatus,
    record,
    onLine: (written: string) => {
      const line = wire?.line(written) ?? written;
      if (line !== '' || written === '') read(line);
    },
    onEnd: () => {
      if (search) record({ type: 'count', at: now(), of: 'log lines', value: lines });
    },
  };
  const { running } = contract.start;
  if (running) return ExternalService.find({ ...common, running });
  return RestartableService.start(() => ServiceProcess.start({ ...common, launch, port, reaper }));
}
