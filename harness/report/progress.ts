/**
 * Live progress: on a terminal one line that is written again and again; elsewhere a line for each scenario, without
 * escape codes.
 */
export class Progress implements Disposable {
  readonly #stream: NodeJS.WriteStream;
  readonly #timer: NodeJS.Timeout | undefined;
  #scenario = '';
  #phase = '';
  #began = 0;

  constructor(stream: NodeJS.WriteStream = process.stderr) {
    this.#stream = stream;
    if (stream.isTTY) this.#timer = setInterval(() => this.#draw(), 100).unref();
  }

  /** A step of the run itself, such as bringing the lab up. */
  step(text: string): void {
    this.#begin(text);
    if (!this.#stream.isTTY) this.#stream.write(`${text}\n`);
  }

  phase = (name: string): void => {
    this.#phase = name;
    if (!this.#stream.isTTY) this.#stream.write(`  ${this.#seconds()}  ${name}\n`);
  };

  /** Ends the step, and takes its line off the terminal, so that something else can be written. */
  clear(): void {
    this.#scenario = '';
    if (this.#stream.isTTY) this.#stream.write('\r\x1b[K');
  }

  #begin(text: string): void {
    this.#scenario = text;
    this.#phase = '';
    this.#began = performance.now();
  }

  #seconds(): string {
    return `${((performance.now() - this.#began) / 1_000).toFixed(1)} s`.padStart(7);
  }

  #draw(): void {
    if (this.#scenario === '') return;
    const line = `${this.#seconds()}  ${this.#scenario}${this.#phase && `: ${this.#phase}`}`;
    this.#stream.write(`\r\x1b[K${line.slice(0, (this.#stream.columns ?? 80) - 1)}`);
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
    this.clear();
  }
}
