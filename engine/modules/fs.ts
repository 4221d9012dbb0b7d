import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { GoError } from '../base/errors.ts';
import type { Vu } from '../vu/vu.ts';

const SeekMode = { Start: 0, Current: 1, End: 2 } as const;

/** Contents of open files, shared by all VUs. */
const contents = new Map<string, Uint8Array>();

/** A file opened through `k6/experimental/fs`. It is read in pieces from a movable position. */
export class ScriptFile {
  readonly path: string;
  readonly #content: Uint8Array;
  #offset = 0;

  constructor(path: string, content: Uint8Array) {
    this.path = path;
    this.#content = content;
  }

  /**
   * Reads into a buffer from the current position.
   *
   * @returns The number of bytes read, or null at the end of the file.
   */
  async read(into: unknown): Promise<number | null> {
    if (!(into instanceof Uint8Array)) throw new TypeError('read() needs a Uint8Array');
    if (into.length === 0) throw new TypeError('read() needs a non-empty Uint8Array');
    const piece = this.#content.subarray(this.#offset, this.#offset + into.length);
    if (piece.length === 0) return null;
    into.set(piece);
    this.#offset += piece.length;
    return piece.length;
  }

  /**
   * Moves the position.
   *
   * @returns The new position from the start of the file.
   */
  async seek(offset: unknown, whence: unknown): Promise<number> {
    // As in k6, the end is the position of the last byte.
    const bases: Record<number, number> = { 0: 0, 1: this.#offset, 2: this.#content.length - 1 };
    const base = bases[whence as number];
    if (!Number.isInteger(offset) || base === undefined) throw new TypeError('seek() needs an integer and a SeekMode');
    const target = base + (offset as number);
    if (target < 0) throw new TypeError('seeking before start of file');
    if (target > this.#content.length) throw new TypeError('seeking beyond end of file');
    this.#offset = target;
    return target;
  }

  async stat(): Promise<{ name: string; size: number }> {
    return { name: basename(this.path), size: this.#content.length };
  }

  /** Returns the whole file. For internal use by the engine. */
  text(): string {
    return Buffer.from(this.#content).toString();
  }
}

/** @throws An error with k6's name and message if the file doesn't exist. */
function contentOf(file: string): Uint8Array {
  try {
    return new Uint8Array(readFileSync(file));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    throw Object.assign(new Error(`no such file or directory "${file}"`), { name: 'NotFoundError' });
  }
}

/** Implements `k6/experimental/fs`. */
export function createFsModule(vu: Vu): object {
  const open = async (path: unknown): Promise<ScriptFile> => {
    if (vu.phase !== 'init')
      throw new GoError('open() failed; reason: opening a file in the VU context is not supported');
    if (typeof path !== 'string' || path === '') throw new TypeError('open() needs a path');
    const file = fileURLToPath(new URL(path, vu.test.script));
    const content = contents.get(file) ?? contentOf(file);
    contents.set(file, content);
    return new ScriptFile(file, content);
  };
  return { open, SeekMode };
}
