import { openFile } from '../../../faults/base/read-text.ts';
import { now } from '../../base/clock.ts';
import { messageOf, ProofloadError } from '../../base/errors.ts';
import { followLines, type OpenedFile } from '../../base/follow-lines.ts';
import { hostElsewhere } from '../../contract/allowed-host.ts';
import type { Contract } from '../../contract/contract.ts';
import type { ServiceEvent } from '../../history/events.ts';
import { awaitReady } from '../../process/readiness.ts';
import { ServiceLog } from './service-log.ts';

export interface ExternalServiceOptions {
  contract: Contract;
  running: NonNullable<Contract['start']['running']>;
  /** The file to which new lines from the service's log are copied. */
  logFile: string;
  onLine: (line: string) => void;
  /** Called after the last line. */
  onEnd?: () => void;
  record: (event: ServiceEvent) => void;
}

/** A service under test that was already running. The lab neither starts nor configures nor stops it. */
export class ExternalService implements AsyncDisposable {
  readonly url: string;
  readonly pid = undefined;
  readonly pids = [];
  /** Never resolves, because the lab is not notified when the service exits. It only checks after the scenario. */
  readonly gone: Promise<void> = new Promise(() => {});
  readonly #over = new AbortController();
  readonly #following: Promise<void>;
  readonly #look: () => Promise<void>;

  private constructor(url: string, following: (over: AbortSignal) => Promise<void>, look: () => Promise<void>) {
    this.url = url;
    this.#following = following(this.#over.signal);
    this.#look = look;
  }

  /** @throws ProofloadError SERVICE_NOT_READY if the service does not respond or its log can't be read */
  static async find({
    contract,
    running,
    logFile,
    onLine,
    onEnd,
    record,
  }: ExternalServiceOptions): Promise<ExternalService> {
    const url = new URL(running.url).origin;
    const { readyPath, readySeconds } = contract.start;
    const elsewhere = hostElsewhere(contract) !== undefined;
    const ready = () => awaitReady({ running: true }, url + readyPath, readySeconds * 1_000);
    const log = running.log === undefined ? undefined : await openLog(running.log);
    const { isReady, answer = 'no response' } = await ready();
    if (!isReady) {
      await log?.file.close();
      const why = `no 2xx from ${url}${readyPath} in ${readySeconds} s, but ${answer}; proofload does not start it`;
      throw new ProofloadError('SERVICE_NOT_READY', `${contract.name} is not ready: ${why}`);
    }
    record({ type: 'service', at: now(), event: 'found', ...(elsewhere && { elsewhere }) });
    const follow = async (over: AbortSignal) => {
      if (running.log === undefined) return;
      const copy = new ServiceLog(logFile);
      const see = (line: string) => {
        copy.write(line);
        onLine(line);
      };
      try {
        await followLines(running.log, see, over, log);
        onEnd?.();
      } catch (error) {
        record({ type: 'service', at: now(), event: 'unread', problem: messageOf(error) });
      } finally {
        copy.end();
      }
    };
    return new ExternalService(url, follow, async () => {
      if (!(await ready()).isReady) record({ type: 'service', at: now(), event: 'lost' });
    });
  }

  /**
   * Always fails.
   *
   * @throws ProofloadError LAB_REQUEST_INVALID
   */
  async restart(): Promise<never> {
    throw notStartedHere('be ended and started again');
  }

  /**
   * Always fails.
   *
   * @throws ProofloadError LAB_REQUEST_INVALID
   */
  async kill(): Promise<never> {
    throw notStartedHere('be ended');
  }

  /** Stops reading the log, and records whether the service still responds. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#look();
    this.#over.abort();
    await this.#following;
  }
}

/** Returns the error for an operation that is only possible if proofload has started the service. */
export const notStartedHere = (what: string): ProofloadError =>
  new ProofloadError('LAB_REQUEST_INVALID', `the service isn't started by proofload: it can't ${what}`);

async function openLog(log: string): Promise<OpenedFile> {
  try {
    const file = await openFile(log);
    return { file, size: (await file.stat()).size };
  } catch (error) {
    throw new ProofloadError('SERVICE_NOT_READY', `start.running.log can't be read: ${messageOf(error)}`, {
      cause: error,
    });
  }
}
