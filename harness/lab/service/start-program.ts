import { Child } from '../../process/child.ts';
import type { Reaper } from '../../process/reaper.ts';
import type { Launch } from './launch.ts';
import type { Program } from './program.ts';
import { startContainer } from './service-container.ts';

type OnLine = (line: string) => void;

/**
 * Starts a service with its workers.
 *
 * @param onLine Receives each line of their output.
 * @throws The error of a command that can't be started, or of the container engine
 */
export async function startProgram(launch: Launch, reaper: Reaper, onLine: OnLine): Promise<Program> {
  const workers: Program[] = [];
  try {
    for (const command of Object.values(launch.workers ?? {})) {
      workers.push(await startOne({ ...launch, command }, reaper, onLine));
    }
    return withWorkers(await startOne(launch, reaper, onLine), workers);
  } catch (error) {
    await Promise.all(workers.map((worker) => worker.stop()));
    throw error;
  }
}

function startOne({ container, ...launch }: Launch, reaper: Reaper, onLine: OnLine): Promise<Program> {
  if (container) return startContainer({ ...launch, container }, reaper, onLine);
  return Child.start({ ...launch, reaper, onLine, isolated: true });
}

/** Returns a service and its workers as one program. If one of them ends, so do the others. */
function withWorkers(service: Program, workers: readonly Program[]): Program {
  if (workers.length === 0) return service;
  const all = [service, ...workers];
  let isStopping = false;
  const endAll = (...how: Parameters<Program['stop']>) => Promise.all(all.map((program) => program.stop(...how)));
  const exited = Promise.race(all.map((program) => program.exited)).then(async (first) => {
    if (!isStopping) await endAll();
    await Promise.all(all.map((program) => program.exited));
    return isStopping ? service.exited : first;
  });
  return {
    pid: service.pid,
    workers: workers.flatMap(({ pid }) => pid ?? []),
    get running() {
      return all.every((program) => program.running);
    },
    exited,
    async stop(...how) {
      isStopping = true;
      await endAll(...how);
      return exited;
    },
  };
}
