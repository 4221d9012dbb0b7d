import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/**
 * Cleans up if the harness is killed. The reaper is a separate process that keeps track of all resources that the
 * harness creates, and removes the remaining ones after the harness has died. A harness that exits normally leaves
 * none.
 */
export class Reaper implements AsyncDisposable {
  readonly #process: ChildProcess;

  constructor() {
    this.#process = spawn(process.execPath, [fileURLToPath(import.meta.url)], {
      detached: true,
      stdio: ['pipe', 'ignore', 'ignore'],
    });
  }

  rememberProcess = (pid: number): void => this.#tell(`+process ${pid}`);
  forgetProcess = (pid: number): void => this.#tell(`-process ${pid}`);
  /** The reaper resumes these processes with SIGCONT. */
  rememberStopped = (pid: number): void => this.#tell(`+stopped ${pid}`);
  forgetStopped = (pid: number): void => this.#tell(`-stopped ${pid}`);
  rememberFolder = (path: string): void => this.#tell(`+folder ${path}`);
  forgetFolder = (path: string): void => this.#tell(`-folder ${path}`);
  /** Kills all processes that are still running, for a harness that can't wait until they have ended. */
  killProcesses = (): void => this.#tell(KILL);
  rememberContainer = (id: string): void => this.#tell(`+container ${id}`);
  forgetContainer = (id: string): void => this.#tell(`-container ${id}`);

  #tell(line: string): void {
    if (this.#process.stdin?.writable) this.#process.stdin.write(`${line}\n`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const exited = once(this.#process, 'exit');
    this.#process.stdin?.end();
    await exited;
  }
}

const KILL = 'kill processes';

const remove: Record<string, (what: string) => void> = {
  process: (pid) => process.kill(-Number(pid), 'SIGKILL'),
  stopped: (pid) => process.kill(Number(pid), 'SIGCONT'),
  folder: (path) => rmSync(path, { recursive: true, force: true }),
  container: (id) => spawn('docker', ['rm', '--force', '--volumes', id], { stdio: 'ignore' }).unref(),
};

/** The reaper process's code: reads resources until its input ends, then removes those that have not been released. */
async function main(): Promise<void> {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => {});
  const left = new Set<string>();
  for await (const line of createInterface({ input: process.stdin })) {
    if (line === KILL) removeAll([...left].filter((entry) => entry.startsWith('process ')));
    else if (line.startsWith('+')) left.add(line.slice(1));
    else left.delete(line.slice(1));
  }
  removeAll([...left]);
}

function removeAll(entries: readonly string[]): void {
  for (const entry of entries) {
    const [kind = '', ...rest] = entry.split(' ');
    try {
      remove[kind]?.(rest.join(' '));
    } catch {
      // It no longer exists.
    }
  }
}

if (import.meta.main) await main();
