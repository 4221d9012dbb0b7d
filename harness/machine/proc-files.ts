import { closeSync, openSync, readSync } from 'node:fs';

/** Long enough for the files that are read here. */
const buffer = Buffer.alloc(4_096);

/**
 * Files under /proc that are read again and again. They stay open, because opening and closing a file takes most of
 * the time of reading it.
 */
export class ProcFiles implements Disposable {
  #open = new Map<string, number>();
  #unused = new Map<string, number>();

  /** Begins to read everything again. Closes the files that were not read since the last call. */
  begin(): void {
    this.#close(this.#unused);
    this.#unused = this.#open;
    this.#open = new Map();
  }

  /** Returns a file's content, or undefined if it does not exist. */
  read(path: string): string | undefined {
    const known = this.#open.get(path) ?? this.#unused.get(path);
    // A file of a thread that has ended can't be read, but another thread may have its number by now.
    const text = known === undefined ? undefined : this.#readOpen(path, known);
    return text ?? this.#readNew(path);
  }

  #readNew(path: string): string | undefined {
    try {
      return this.#readOpen(path, openSync(`/proc/${path}`, 'r'));
    } catch {
      return undefined;
    }
  }

  #readOpen(path: string, file: number): string | undefined {
    this.#unused.delete(path);
    try {
      const text = buffer.toString('latin1', 0, readSync(file, buffer, 0, buffer.length, 0));
      this.#open.set(path, file);
      return text;
    } catch {
      this.#open.delete(path);
      closeSync(file);
      return undefined;
    }
  }

  #close(files: Map<string, number>): void {
    for (const file of files.values()) closeSync(file);
    files.clear();
  }

  [Symbol.dispose](): void {
    this.#close(this.#open);
    this.#close(this.#unused);
  }
}
