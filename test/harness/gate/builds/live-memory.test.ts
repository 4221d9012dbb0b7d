import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, onTestFinished, test } from 'vitest';
import type { Contract } from '../../../../harness/contract/contract.ts';
import { liveMemory, withLiveMemory } from '../../../../harness/gate/builds/live-memory.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';

const contract = (environment: Record<string, string>) =>
  ({ start: { command: ['node', 'main.js'] }, environment }) as unknown as Contract;

/** Keeps 8 MiB, or creates as much garbage, and says so. */
const program = (keeps: boolean) => `
  const make = () => Array.from({ length: 8192 }, (_, n) => Buffer.from(String(n).padEnd(1024)).toString());
  globalThis.kept = ${keeps} ? make() : make().length;
  console.log('ready');
  setInterval(() => {}, 1_000);
`;

/** Starts a program as the gate starts a service, and returns the folder. */
async function started(command: string, args: string[], given: Record<string, string> = {}): Promise<string> {
  const folder = `${await temporaryFolder()}/with "blanks"`;
  const { environment } = await withLiveMemory(contract(given), folder);
  const child = spawn(command, args, {
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  await once(child.stdout, 'data');
  return folder;
}

test.runIf(process.platform === 'linux')('what is kept is live memory, and garbage is not', async () => {
  const live = async (keeps: boolean) =>
    (await liveMemory(await started(process.execPath, ['-e', program(keeps)]))) ?? 0;
  const kept = (await live(true)) - (await live(false));
  expect(kept / 2 ** 20).toBeGreaterThan(7.5);
  expect(kept / 2 ** 20).toBeLessThan(10);
});

test('the options of the contract stay', async () => {
  const folder = await temporaryFolder();
  const { environment } = await withLiveMemory(contract({ NODE_OPTIONS: '--max-old-space-size=99', A: 'b' }), folder);
  expect(environment).toEqual({ A: 'b', NODE_OPTIONS: expect.stringMatching(/^--max-old-space-size=99 --require="/) });
  const image = { start: { container: { image: 'shop' } }, environment: {} } as unknown as Contract;
  expect(await withLiveMemory(image, folder)).toBe(image);
});

test('a process that is not Node gets no signal, which would end it', async () => {
  const folder = await started('sh', ['-c', 'echo ready; sleep 5']);
  expect(await liveMemory(folder)).toBeUndefined();
});
