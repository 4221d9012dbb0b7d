import { formatDuration } from '../base/duration.ts';
import { fixedDuration, padded } from '../base/fixed-width.ts';
import { describePlan, progressOf } from '../executors/describe-plan.ts';
import type { Plan } from '../executors/plan.ts';
import { inOrder, vusFor } from '../executors/vu-accounts.ts';
import type { Flags } from '../options/flags.ts';
import { type Bar, progressLines } from '../output/progress-lines.ts';
import type { Screen } from '../output/screen.ts';
import type { Test } from '../vu/test.ts';

/** How often to show progress on a terminal and elsewhere, in milliseconds. */
const [TERMINAL_INTERVAL, OTHER_INTERVAL] = [100, 1_000];

/** The end of a scenario is a whole number of milliseconds, and its timer may fire a millisecond early. */
const EARLY = 2;

/** Prints what a test will do, and how far it is: a line for the test, and one for each scenario. */
export class Progress {
  readonly #test: Test;
  readonly #flags: Flags;
  readonly #screen: Screen;
  readonly #plans: readonly Plan[];
  #timer: NodeJS.Timeout | undefined;
  #phase: 'init' | 'setup' | 'running' = 'init';
  /** When the scenarios began, in milliseconds since the start of the test. */
  #begunAt = 0;

  constructor(test: Test, flags: Flags, screen: Screen) {
    this.#test = test;
    this.#flags = flags;
    this.#screen = screen;
    // Scenarios without work in this instance are left out.
    this.#plans = inOrder(test.options.scenarios.filter(({ maxVus }) => maxVus > 0));
  }

  /** Prints the test's scenarios, and shows progress from now on. */
  start(): void {
    if (!this.#flags.progress) return;
    this.#screen.print(describeRun(this.#flags, this.#test, this.#plans));
    const show = () => this.#screen.show(this.#lines());
    this.#timer = setInterval(show, this.#screen.terminal ? TERMINAL_INTERVAL : OTHER_INTERVAL);
  }

  /** Notes what the test does next. */
  enter(phase: 'setup' | 'running'): void {
    this.#phase = phase;
    this.#begunAt = this.#test.elapsed;
  }

  /** Removes the progress from a terminal. */
  stop(): void {
    clearInterval(this.#timer);
    this.#screen.clear();
  }

  /** Prints the last state. */
  leave(): void {
    if (this.#flags.progress) this.#screen.print(`\n${this.#lines().join('\n')}\n`);
  }

  #lines(): string[] {
    const { terminal } = this.#screen;
    const looks = { width: terminal?.columns, color: this.#flags.color && terminal !== undefined };
    const bars = this.#plans.map((plan) => this.#bar(plan));
    if (this.#phase === 'running') return [this.#status(), ...progressLines(bars, looks)];
    return progressLines([this.#beginning(), ...bars], looks);
  }

  #beginning(): Bar {
    if (this.#phase === 'setup') return { name: 'Run', mark: ' ', share: 1, columns: ['setup()'] };
    const [made, all] = [this.#test.counts.get('vusInitialized'), vusFor(this.#plans).planned];
    const columns = [`${padded(made, all)}/${all} VUs initialized`];
    return { name: 'Init', mark: ' ', share: all > 0 ? Math.min(1, made / all) : 1, columns };
  }

  #status(): string {
    const { counts, elapsed } = this.#test;
    const vus = (name: 'vusActive' | 'vusInitialized') => padded(counts.get(name), vusFor(this.#plans).most);
    const [done, interrupted] = [counts.get('iterationsCompleted'), counts.get('iterationsInterrupted')];
    return `running (${fixedDuration(elapsed, endOf(this.#plans))}), ${vus('vusActive')}/${vus('vusInitialized')} VUs, ${done} complete and ${interrupted} interrupted iterations`;
  }

  #bar(plan: Plan): Bar {
    const { name, startTime, gracefulStop } = plan.config;
    const counts = this.#test.scenarioCounts.get(name);
    if (this.#phase !== 'running' || !counts) return { name, mark: ' ', share: 0, columns: [] };
    const isOver = counts.get('ended') >= this.#flags.workers;
    const spent = (isOver ? counts.get('endedAt') + EARLY : this.#test.elapsed) - this.#begunAt - startTime;
    if (spent < 0) return { name, mark: '•', share: 0, columns: ['waiting', fixedDuration(spent, startTime)] };
    const state = { vus: counts.get('vus'), running: counts.get('running'), done: counts.get('done') };
    const { share, columns } = progressOf(plan, state, spent);
    if (!isOver) return { name, mark: spent > plan.duration && gracefulStop > 0 ? '↓' : ' ', share, columns };
    return { name, mark: share < 1 || this.#test.state.abortedBy ? '✗' : '✓', share, columns };
  }
}

/** The time at which the last scenario has to have ended, in milliseconds. */
const endOf = (plans: readonly Plan[]): number =>
  Math.max(0, ...plans.map(({ config, needs }) => config.startTime + (needs.at(-1)?.time ?? 0)));

/** Describes a test before it starts. */
function describeRun({ script, outputs }: Flags, { options }: Test, plans: readonly Plan[]): string {
  const output = outputs.map(({ format, file }) => `${format} (${file})`).join(', ') || '-';
  const share = options.share.scale(10_000) / 100;
  const scenarios = plans.length === 1 ? '1 scenario' : `${plans.length} scenarios`;
  return `
     execution: local
        script: ${script}
        output: ${output}

     scenarios: (${share.toFixed(2)}%) ${scenarios}, ${vusFor(plans).most} max VUs, ${formatDuration(endOf(plans))} max duration (incl. graceful stop):
${plans.map((plan) => `              * ${plan.config.name}: ${describePlan(plan)}\n`).join('')}
`;
}
