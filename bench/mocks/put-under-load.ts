import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Load, LoadResult } from './load-client.ts';
import type { Usage } from './probe.ts';
import type { ProbedProcess } from './probed-process.ts';

const CLIENT = fileURLToPath(new URL('load-client.ts', import.meta.url));

/** How a server performed under load, after the warm-up. */
export interface Round extends LoadResult {
  /** Responses per second. */
  readonly rate: number;
  /** CPU usage of each process, in the given order. 1 means one full core. */
  readonly cores: number[];
}

/** Generates load on a server from a separate process, and measures the CPU usage of the given processes. */
export async function putUnderLoad(load: Load, processes: readonly ProbedProcess[]): Promise<Round> {
  const client = fork(CLIENT, [JSON.stringify(load)], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  const usages = (): Promise<Usage[]> => Promise.all(processes.map((process) => process.usage()));
  await once(client, 'message');
  const before = await usages();
  const [result] = (await once(client, 'message')) as [LoadResult];
  const after = await usages();
  await once(client, 'exit');
  const cores = after.map(({ cpuMs, at }, index) => {
    const { cpuMs: cpuBefore = 0, at: began = 0 } = before[index] ?? {};
    return (cpuMs - cpuBefore) / (at - began);
  });
  return { ...result, rate: result.answered / result.seconds, cores };
}
