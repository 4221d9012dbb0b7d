import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { HANG_MS } from './limits.ts';
import { called, product } from './product.ts';

/** A lab started like `make lab` does, with results in a separate folder. */
export interface LabProcess extends AsyncDisposable {
  pid: number;
  /** The page's address, as printed. */
  url: string;
  /** Terminates the lab with a signal and returns its exit code. */
  end(signal: NodeJS.Signals): Promise<number | null>;
}

export async function startLabProcess(contract = 'service/proofload.config.ts'): Promise<LabProcess> {
  const results = await mkdtemp(join(tmpdir(), 'proofload-lab-'));
  const args = ['lab', '--contract', contract];
  const child = spawn(...called(product.commandLine, args), {
    env: { ...process.env, RESULTS: results, POSTGRES: 'embedded', ENGINE: 'embedded' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (text) => {
      said += text;
    });
  }
  const exited = once(child, 'close').then(([code]) => code as number | null);
  const end = (signal: NodeJS.Signals) => {
    child.kill(signal);
    return exited;
  };
  const deadline = Date.now() + HANG_MS;
  const dispose = async () => {
    await end('SIGINT');
    await rm(results, { recursive: true, force: true });
  };
  while (!said.includes('lab: ')) {
    if (child.exitCode !== null || Date.now() > deadline) {
      await dispose();
      throw new Error(`the lab does not come up: ${said}`);
    }
    await pause(50);
  }
  return {
    pid: child.pid as number,
    url: /http:\S+/.exec(said)?.[0] ?? '',
    end,
    [Symbol.asyncDispose]: dispose,
  };
}
