import { createRequire } from 'node:module';
import { clearScreenDown, cursorTo, moveCursor } from 'node:readline';
import { styleText } from 'node:util';
import type { createLogUpdate } from 'log-update';
import { now } from '../../base/clock.ts';
import type { Verdict } from '../../verdict/finding.ts';
import type { Announced, Display, Plan, ScenarioWatcher } from './display.ts';
import { styleFrame } from './frame.ts';
import { LiveState } from './live-state.ts';

const require = createRequire(import.meta.url);

/** Minimum time between two frames, in milliseconds. */
const INTERVAL_MS = 100;

/** Returns the lines that show a run, none wider than `columns`. */
type Render = (state: LiveState, now: number, columns: number) => string[];

/** A frame at the end of a terminal that is redrawn in place until it is disposed. */
export class LiveView implements Display {
  readonly #stream: NodeJS.WriteStream;
  readonly #render: Render;
  readonly #state = new LiveState();
  readonly #update: ReturnType<typeof createLogUpdate>;
  readonly #timer: NodeJS.Timeout;
  #shown = false;
  /** The lines that were drawn last, without styles. */
  #lines: string[] = [];

  constructor(stream: NodeJS.WriteStream, render: Render) {
    this.#stream = stream;
    this.#render = render;
    // It takes 80 ms of processor time to load, and most runs have no terminal.
    const logUpdate = require('log-update') as typeof import('log-update');
    this.#update = logUpdate.createLogUpdate(stream);
    this.#timer = setInterval(this.#draw, INTERVAL_MS).unref();
    stream.on('resize', this.#resized);
  }

  step(text: string): void {
    this.#state.step = text;
    this.#shown = true;
  }

  plan(plan: Plan): void {
    this.#state.begins(plan);
  }

  begin(announced: Announced): ScenarioWatcher {
    const scenario = this.#state.begin(announced, now());
    this.#shown = true;
    return {
      see: (event) => scenario.see(event),
      request: (sample) => scenario.request(sample),
      ended: () => this.#state.end(scenario),
    };
  }

  judged(checks: readonly Verdict[]): void {
    this.#state.judged(checks);
  }

  note(text: string): void {
    this.#state.note = text;
    this.#draw();
  }

  clear(): void {
    // If a scenario is still running, the frame reappears below the output that is written now.
    this.#shown = this.#state.running.length > 0;
    this.#lines = [];
    this.#update.clear();
  }

  #draw = (): void => {
    if (!this.#shown) return;
    const { columns = 80 } = this.#stream;
    this.#lines = this.#render(this.#state, now(), columns);
    const styled = styleFrame(this.#lines, this.#state, (style, text) =>
      styleText(style, text, { stream: this.#stream }),
    );
    this.#update(styled.join('\n'));
  };

  /** Erases the frame and redraws it. A narrower terminal wraps the frame's lines onto more rows than were written. */
  #resized = (): void => {
    if (!this.#shown) return;
    const { columns = 80 } = this.#stream;
    const rows = this.#lines.reduce((sum, line) => sum + Math.max(1, Math.ceil([...line].length / columns)), 0);
    this.#update.done();
    moveCursor(this.#stream, 0, -rows);
    cursorTo(this.#stream, 0);
    clearScreenDown(this.#stream);
    this.#draw();
  };

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
    this.#stream.off('resize', this.#resized);
    this.#shown = false;
    this.#lines = [];
    this.#update.clear();
    this.#update.done();
  }
}
