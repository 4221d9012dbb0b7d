/** Writes a log, and lines below it that are updated in place if the output is a terminal. */
export class Screen {
  readonly #out: NodeJS.WriteStream;
  readonly #log: NodeJS.WriteStream;
  /** The lines at the bottom of the terminal, followed by the way back to their start. */
  #bottom = '';

  constructor(out: NodeJS.WriteStream = process.stdout, log: NodeJS.WriteStream = process.stderr) {
    this.#out = out;
    this.#log = log;
  }

  /** The size of the terminal, or undefined if the output is something else. */
  get terminal(): { readonly columns: number; readonly rows: number } | undefined {
    return this.#out.isTTY ? { columns: this.#out.columns || 80, rows: this.#out.rows || 24 } : undefined;
  }

  /** Writes to the log, above the lines at the bottom. */
  log(text: string): void {
    const isBelow = this.#bottom !== '' && this.#log.isTTY;
    this.#log.write(isBelow ? `${CLEAR_BELOW}${text}` : text);
    if (isBelow) this.#out.write(this.#bottom);
  }

  print(text: string): void {
    this.#out.write(text);
  }

  /** Shows lines that replace earlier ones on a terminal, and follow them otherwise. */
  show(lines: readonly string[]): void {
    const { terminal } = this;
    if (!terminal) return void this.#out.write(`\n${lines.join('\n')}\n`);
    const shown = lines.slice(0, terminal.rows - 2);
    this.#bottom = `${['', ...shown].map((line) => `${line}${CLEAR_RIGHT}\n`).join('')}${CLEAR_BELOW}\x1b[${shown.length + 1}A`;
    this.#out.write(this.#bottom);
  }

  /** Removes the lines at the bottom of a terminal. */
  clear(): void {
    if (this.#bottom !== '') this.#out.write(CLEAR_BELOW);
    this.#bottom = '';
  }
}

const CLEAR_RIGHT = '\x1b[K';
const CLEAR_BELOW = '\x1b[J';
