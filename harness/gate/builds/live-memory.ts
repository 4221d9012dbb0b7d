import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Contract } from '../../contract/contract.ts';
import { readProc } from '../../machine/proc.ts';

/**
 * Loaded into each process of Node: on SIGUSR2, collects garbage, and writes how many bytes are then in use. CommonJS,
 * because older versions of Node have no --import.
 */
const HOOK = `
const { setFlagsFromString } = require('node:v8');
const { runInNewContext } = require('node:vm');
const { renameSync, writeFileSync } = require('node:fs');
const file = require('node:path').join(__dirname, String(process.pid));
setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc');
process.on('SIGUSR2', () => {
  collect();
  // What the first pass has finalized is freed by the second one.
  setImmediate(() => {
    collect();
    const { heapUsed, external } = process.memoryUsage();
    writeFileSync(file + '.new', String(heapUsed + external));
    renameSync(file + '.new', file + '.live');
  });
});
writeFileSync(file, '');
`;
const NAME = 'live-memory.cjs';
/** How long to wait for the collection of garbage, in milliseconds, and how often to check. */
const [PATIENCE_MS, CHECK_MS] = [3_000, 10];

/**
 * Returns a contract that starts the same service with a hook that reports its live memory, if it runs on Node. The
 * resident memory depends on when garbage was last collected, by tens of MiB, and hides a leak of some.
 */
export async function withLiveMemory(contract: Contract, folder: string): Promise<Contract> {
  if (contract.start.command === undefined) return contract;
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, NAME), HOOK);
  const options = [contract.environment.NODE_OPTIONS, optionFor(folder)].filter(Boolean).join(' ');
  return { ...contract, environment: { ...contract.environment, NODE_OPTIONS: options } };
}

/** Returns the option that loads the hook. Quotes protect blanks in a path. */
const optionFor = (folder: string): string => `--require="${join(folder, NAME).replaceAll(/["\\]/g, '\\$&')}"`;

/**
 * Returns how many bytes the objects that are still needed use in all processes of Node. Returns undefined if there is
 * no such process, or if one does not report it.
 *
 * @param folder That of `withLiveMemory`.
 */
export async function liveMemory(folder: string): Promise<number | undefined> {
  const names = await readdir(folder).catch(() => []);
  const pids = names.filter((name) => /^\d+$/.test(name)).map(Number);
  // The signal would end another process, which may have got the ID of one that has exited.
  const running = pids.filter((pid) => readProc(`${pid}/environ`)?.includes(optionFor(folder)));
  const all = await Promise.all(running.map((pid) => liveOf(pid, join(folder, `${pid}.live`))));
  return all.length === 0 || all.includes(undefined)
    ? undefined
    : all.reduce<number>((sum, live) => sum + (live ?? 0), 0);
}

async function liveOf(pid: number, file: string): Promise<number | undefined> {
  await rm(file, { force: true });
  process.kill(pid, 'SIGUSR2');
  const until = performance.now() + PATIENCE_MS;
  while (performance.now() < until) {
    const text = await readFile(file, 'utf8').catch(() => undefined);
    if (text !== undefined) return Number(text);
    await sleep(CHECK_MS);
  }
  return undefined;
}
