import { clearScreenDown, cursorTo, moveCursor } from 'node:readline';
import { styleText } from 'node:util';
import { createLogUpdate } from 'log-update';
import { now } from '../../base/clock.ts';
import { frame, styleFrame } from './frame.ts';
import { LiveState } from './live-state.ts';
import type { Announced, ScenarioWatcher, Watcher } from './watcher.ts';

/** Milliseconds between two frames. */
const INTERVAL_MS = 100;

/** A frame at the end of a terminal, which is drawn again and again in its place, until it is disposed. */
export class LiveView implements Watcher, Disposable {
  readonly #stream: NodeJS.WriteStream;
  readonly #state = new LiveState();
  readonly #update: ReturnType<typeof createLogUpdate>;
  readonly #timer: NodeJS.Timeout;
  #shown = false;
  /** The frame as it was drawn last, without styles. */
  #lines: string[] = [];

  constructor(stream: NodeJS.WriteStream) {
    this.#stream = stream;
    this.#update = createLogUpdate(stream);
    this.#timer = setInterval(this.#draw, INTERVAL_MS).unref();
    stream.on('resize', this.#resized);
  }

  step(text: string): void {
    this.#state.step = text;
    this.#shown = true;
  }

  begin(announced: Announced): ScenarioWatcher {
    const scenario = this.#state.begin(announced, now());
    this.#shown = true;
    return {
      see: (event) => scenario.see(event),
      request: (sample) => scenario.request(sample),
      judged: (findings) => this.#state.judged(scenario, findings),
    };
  }

  note(text: string): void {
    this.#state.note = text;
    this.#draw();
  }

  clear(): void {
    // Where something still runs, the frame comes back beneath what is written now.
    this.#shown = this.#state.running.length > 0;
    this.#lines = [];
    this.#update.clear();
  }

  #draw = (): void => {
    if (!this.#shown) return;
    const { columns = 80 } = this.#stream;
    this.#lines = frame(this.#state, now(), columns);
    const styled = styleFrame(this.#lines, this.#state, (style, text) =>
      styleText(style, text, { stream: this.#stream }),
    );
    this.#update(styled.join('\n'));
  };

  /**
   * A terminal that got narrower has wrapped the lines of the frame, so that it takes more rows than were written: these
   * are taken off before it is drawn anew.
   */
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
    this.clear();
    this.#update.done();
  }
}
