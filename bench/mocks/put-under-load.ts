import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Load, LoadResult } from './load-client.ts';
import type { Usage } from './probe.ts';
import type { ProbedProcess } from './probed-process.ts';

const CLIENT = fileURLToPath(new URL('load-client.ts', import.meta.url));

/** What a server did in the measured time of a load. */
export interface Round extends LoadResult {
  /** Answers a second. */
  readonly rate: number;
  /** Of one core, for each of the processes in the order in which they were given; 1 is a whole core. */
  readonly cores: number[];
}

/** Loads a server from a process of its own, and measures what the processes use meanwhile. */
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
