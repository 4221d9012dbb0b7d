import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { GoError } from '../base/errors.ts';
import type { Vu } from '../vu/vu.ts';
import type { ModuleExports } from './module-exports.ts';

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
    const bases: Record<number, number> = { 0: 0, 1: this.#offset, 2: this.#content.length };
    const base = bases[whence as number];
    if (!Number.isInteger(offset) || base === undefined) throw new TypeError('seek() needs an integer and a SeekMode');
    const target = base + (offset as number);
    if (target < 0 || target > this.#content.length) throw new GoError('seek() would leave the file');
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

/** Implements `k6/experimental/fs`. */
export function createFsModule(vu: Vu): ModuleExports {
  const open = async (path: unknown): Promise<ScriptFile> => {
    if (vu.phase !== 'init')
      throw new GoError('open() failed; reason: opening a file in the VU context is not supported');
    if (typeof path !== 'string' || path === '') throw new TypeError('open() needs a path');
    const file = fileURLToPath(new URL(path, vu.test.script));
    const content = contents.get(file) ?? new Uint8Array(readFileSync(file));
    contents.set(file, content);
    return new ScriptFile(file, content);
  };
  const named = { open, SeekMode };
  return { ...named, default: named };
}
