import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { relative } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import type { Command } from 'commander';
import { EXIT, ProofloadError } from '../base/errors.ts';
import { count } from '../base/in-words.ts';
import { print, styled } from '../base/print.ts';
import { loadProject } from '../project/load-project.ts';
import { serviceFiles } from '../project/service-files.ts';
import { WatchedFiles } from '../project/watch-files.ts';
import type { ReporterFlags } from '../report/reporters/index.ts';
import { type Verdict, worst } from '../verdict/finding.ts';
import { GRACE_MS } from './end-at-once.ts';
import { EXIT_OF } from './exit-code.ts';
import { type LabFlags, runOptions } from './lab-options.ts';

/** The verdicts that a run sends to the command that watches. */
type Verdicts = readonly (readonly [scenario: string, verdict: Verdict])[];

/** What the user wants, by key or by changing files. */
type Wish = 'all' | 'failed' | 'again' | 'quit' | { readonly changed: readonly string[] };

const KEYS: Readonly<Record<string, Wish>> = {
  a: 'all',
  f: 'failed',
  '\r': 'again',
  '\n': 'again',
  q: 'quit',
  '\u0003': 'quit',
  '\u0004': 'quit',
};

const HELP = 'a: all · f: failed · Enter: again · q: quit';

/** How long a run may take to end. Then it is killed, and reapers clean up. In milliseconds. */
const END_MS = 2_000;

/** How long after a run a change counts as one during the run, in milliseconds: a service may write when it ends. */
const AFTER_RUN_MS = 1_500;

/** A file that changes in this many runs in a row is written by the service, and would start runs forever. */
const MOST_RUNS = 3;

/**
 * Runs scenarios, and runs those that did not pass again whenever a file of the service changes, or a key is pressed.
 * Each run is a process, so that it reads the contract, its checks and its faults again.
 *
 * @param scenarios What `run` was given.
 * @throws ProofloadError USAGE without a terminal
 */
export async function watchRuns(
  command: Command,
  flags: LabFlags & ReporterFlags,
  scenarios: readonly string[],
): Promise<void> {
  if (!process.stdin.isTTY || !process.stdout.isTTY)
    throw new ProofloadError('USAGE', '--watch needs a terminal; allowed without one: to run without --watch');
  const { contract, results, ...options } = runOptions(flags, scenarios);
  // An invalid contract is reported by the run.
  const start = await loadProject(contract, options).then(
    (loaded) => loaded.start,
    () => undefined,
  );
  const wishes = new Wishes();
  const look = () => serviceFiles(contract, start, results);
  using _files = await WatchedFiles.start(look, (changed) => wishes.add({ changed }));
  using _keys = new Keys((wish) => wishes.add(wish));
  const session = new Session(wishes, flagsGiven(command), scenarios);
  await session.run();
  process.exitCode = session.exitCode;
}

/** The command that watches, as one of its runs sees it. */
export interface WatchingParent {
  /** How long processes of this run may take to end. Defaults to the usual times. */
  readonly graceMs?: number;
  /** Aborted when this run should end, also because the other command was killed. */
  readonly signal: AbortSignal;
  tell(verdicts: Verdicts): void;
}

/** Returns the command that started this run. Other programs may also be connected to a run. */
export function watchingParent(isWatched = false): WatchingParent {
  const controller = new AbortController();
  const { signal } = controller;
  if (!isWatched) return { signal, tell() {} };
  process.once('disconnect', () => controller.abort('the next run was started'));
  process.channel?.unref();
  // With a callback, nothing is thrown if the other command has just ended.
  return { signal, graceMs: GRACE_MS, tell: (verdicts) => void process.send?.(verdicts, () => {}) };
}

/** Wishes that have not been fulfilled. The last one counts. */
class Wishes {
  #last: Wish | undefined;
  #arrived = Promise.withResolvers<void>();

  add(wish: Wish): void {
    // Nothing replaces the wish to quit.
    if (this.#last !== 'quit') this.#last = wish;
    this.#arrived.resolve();
  }

  /** Resolves when there is one. */
  get arrived(): Promise<void> {
    return this.#arrived.promise;
  }

  take(): Wish | undefined {
    const last = this.#last;
    this.#last = undefined;
    this.#arrived = Promise.withResolvers();
    return last;
  }
}

/** Reads keys from the terminal, and signals. */
class Keys implements Disposable {
  readonly #read: (text: Buffer) => void;
  readonly #quit: () => void;

  constructor(wish: (wish: Wish) => void) {
    this.#read = (text) => {
      for (const key of text.toString()) if (Object.hasOwn(KEYS, key)) wish(KEYS[key] as Wish);
    };
    this.#quit = () => wish('quit');
    process.stdin.setRawMode(true).on('data', this.#read).on('end', this.#quit).resume();
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, this.#quit);
  }

  [Symbol.dispose](): void {
    process.stdin.setRawMode(false).off('data', this.#read).off('end', this.#quit).pause();
  }
}

/** Runs one after another, and what they found. */
class Session {
  readonly #wishes: Wishes;
  readonly #flags: readonly string[];
  readonly #all: readonly string[];
  /** The last verdict of each scenario. */
  readonly #verdicts = new Map<string, Verdict>();
  /** During how many runs in a row each file has changed. */
  readonly #written = new Map<string, number>();
  #selected: readonly string[];

  constructor(wishes: Wishes, flags: readonly string[], all: readonly string[]) {
    this.#wishes = wishes;
    this.#flags = flags;
    this.#all = all;
    this.#selected = all;
  }

  get exitCode(): number {
    return this.#verdicts.size === 0 ? EXIT.inconclusive : EXIT_OF[worst([...this.#verdicts.values()])];
  }

  async run(): Promise<void> {
    for (let goal = 'run'; goal === 'run'; ) goal = await this.#runOnce();
  }

  /** Runs the selected scenarios until they end or a wish ends them, and then waits for a wish. */
  async #runOnce(): Promise<'run' | 'quit'> {
    const args = [
      ...process.execArgv,
      process.argv[1] ?? '',
      'run',
      '--watched',
      ...this.#flags,
      '--',
      ...this.#selected,
    ];
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
    let [isJudged, ended] = [false, Number.POSITIVE_INFINITY];
    child.on('message', (verdicts: Verdicts) => {
      isJudged = true;
      for (const [scenario, verdict] of verdicts) this.#verdicts.set(scenario, verdict);
    });
    const exited = once(child, 'exit').then(() => {
      ended = Date.now();
    });
    for (let isFinished = false; ; ) {
      await Promise.race([this.#wishes.arrived, ...(isFinished ? [] : [exited])]);
      if (!isFinished && ended < Number.POSITIVE_INFINITY) {
        isFinished = true;
        print(`\n${styled('bold', 'Waiting for changes.')} ${HELP}`);
      }
      const wish = this.#wishes.take();
      const goal = wish && this.#decide(wish, { isJudged, isDuringRun: Date.now() < ended + AFTER_RUN_MS });
      if (goal === undefined) continue;
      if (!isFinished) await end(child, exited);
      return goal;
    }
  }

  /** Selects what to run next. Returns undefined if there is nothing to do. */
  #decide(
    wish: Wish,
    { isJudged, isDuringRun }: { readonly isJudged: boolean; readonly isDuringRun: boolean },
  ): 'run' | 'quit' | undefined {
    const failed = [...this.#verdicts].filter(([, verdict]) => verdict !== 'PASS').map(([scenario]) => scenario);
    if (wish === 'quit') return 'quit';
    if (typeof wish === 'object') {
      const changed = isDuringRun ? wish.changed.filter(this.#isCode) : wish.changed;
      if (changed.length === 0) return undefined;
      if (!isDuringRun) this.#written.clear();
      if (isJudged) this.#selected = failed.length > 0 ? failed : this.#all;
      print(`\n${described(changed)}: running ${this.#described(failed)}`);
      return 'run';
    }
    if (wish === 'failed' && failed.length === 0) {
      print('every scenario has passed; a runs all');
      return undefined;
    }
    if (wish !== 'again') this.#selected = wish === 'all' ? this.#all : failed;
    print();
    return 'run';
  }

  /** Whether a changed file may be code, or else the service writes it in each run. */
  #isCode = (path: string): boolean => {
    const runs = (this.#written.get(path) ?? 0) + 1;
    this.#written.set(path, runs);
    if (runs === MOST_RUNS)
      print(`${relative('', path)} has changed during ${runs} runs in a row and starts no more: press Enter to run`);
    return runs < MOST_RUNS;
  };

  #described(failed: readonly string[]): string {
    if (this.#selected !== this.#all) return `${count(failed.length, 'scenario')} that did not pass`;
    return this.#all.join(' ');
  }
}

/** Returns, for example, `service.js and 2 other files have changed`. */
function described([first = '', ...others]: readonly string[]): string {
  const more = others.length > 0 ? ` and ${count(others.length, 'other file')} have` : ' has';
  return `${relative('', first)}${more} changed`;
}

async function end(child: ChildProcess, exited: Promise<unknown>): Promise<void> {
  // Verdicts that were sent before a key was pressed are read first.
  await setImmediate();
  // A run ends when the command that watches is gone.
  if (child.connected) child.disconnect();
  const killing = setTimeout(() => child.kill('SIGKILL'), END_MS);
  await exited;
  clearTimeout(killing);
}

/** Options that are not for the single runs: `scenarios` are selected already. */
const NOT_PASSED_ON = ['watch', 'grep', 'lastFailed', 'require'];

/** Returns the given options as arguments. Runs inherit those from the environment. */
function flagsGiven(command: Command): string[] {
  return command.options.flatMap((option) => {
    const name = option.attributeName();
    const { long } = option;
    if (!long || command.getOptionValueSource(name) !== 'cli' || NOT_PASSED_ON.includes(name)) return [];
    const values = [command.getOptionValue(name)].flat();
    return values.flatMap((value) => (value === true ? [long] : `${long}=${value === Infinity ? 'all' : value}`));
  });
}
