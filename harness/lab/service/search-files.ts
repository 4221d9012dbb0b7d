import { lstat, readdir, realpath } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { now } from '../../base/clock.ts';
import { isSystemError } from '../../base/errors.ts';
import type { FilesEvent, LeakEvent } from '../../history/events.ts';
import type { LeakTargets } from '../../secrecy/find-leaks.ts';
import { searchLog } from './search-log.ts';
import { type Identity, identityOf, TextFile } from './text-file.ts';

/** Maximum number of bytes to search in all files together, and in one pass while the service runs. */
const MOST_BYTES = 64 * 1_024 ** 2;
const MOST_BYTES_PER_LOOK = 1_024 ** 2;
/** Maximum number of files and folders to read. */
const MOST_ENTRIES = 5_000;
/** Maximum number of names of each kind in the record. */
const MOST_NAMES = 20;
/**
 * Minimum time between two passes, in milliseconds. It is longer after a slow pass, so that passes take at most 5% of
 * the time.
 */
const INTERVAL_MS = 1_000;
const LONGER = 20;

export interface FileSearchOptions {
  readonly folder: string;
  /** The lab's own files in it: the content by name. Their lines are not searched. */
  readonly knownFiles: Readonly<Record<string, string>>;
  readonly leakTargets: LeakTargets;
  /** `log`, or the `about` of an attempted start. */
  readonly of: LeakEvent['of'];
  readonly record: (event: LeakEvent | FilesEvent) => void;
}

/**
 * Searches the text files in a service's folder for secrets while the service runs, and one last time when it is
 * disposed. Records the secrets that it finds. Files are recognized after they were renamed, and read again after they
 * were truncated. Binary files are counted, links are not followed, and unreadable files are recorded with the reason.
 */
export class FileSearch implements AsyncDisposable {
  readonly #options: FileSearchOptions;
  readonly #files = new Map<string, TextFile>();
  readonly #links = new Set<string>();
  readonly #unread = new Map<string, string>();
  /** The number of lines in each file that the service wrote. */
  readonly #lines = new Map<TextFile, number>();
  #leftBytes: number;
  #timer: NodeJS.Timeout | undefined;
  #looking: Promise<void> | undefined;

  constructor(options: FileSearchOptions, mostBytes = MOST_BYTES) {
    this.#options = options;
    this.#leftBytes = mostBytes;
    this.#plan(INTERVAL_MS);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearTimeout(this.#timer);
    await this.#looking;
    clearTimeout(this.#timer);
    await this.#look(Number.POSITIVE_INFINITY);
    const files = [...this.#files.values()];
    for (const file of files) file.end();
    for (const { isText, path, position, size } of files) {
      if (isText && position < size) this.#unread.set(this.#nameOf(path), `${position} of ${size} bytes were read`);
    }
    const binary = files.filter(({ isText }) => isText === false).map(({ path }) => this.#nameOf(path));
    this.#options.record({
      type: 'files',
      at: now(),
      of: this.#options.of,
      files: this.#lines.size,
      lines: [...this.#lines.values()].reduce((sum, lines) => sum + lines, 0),
      binary: named(binary),
      links: named([...this.#links]),
      unread: named([...this.#unread].map(([name, why]) => `${name}: ${why}`)),
    });
  }

  #plan(ms: number): void {
    this.#timer = setTimeout(() => {
      const began = now();
      this.#looking = this.#look(MOST_BYTES_PER_LOOK).then(() => {
        this.#plan(Math.max(INTERVAL_MS, LONGER * (now() - began)));
      });
      // `Symbol.asyncDispose` reports the error.
      this.#looking.catch(() => {});
    }, ms).unref();
  }

  /** Reads new content of all files, up to a number of bytes. */
  async #look(mostBytes: number): Promise<void> {
    let left = Math.min(mostBytes, this.#leftBytes);
    const entries = { left: MOST_ENTRIES };
    for await (const [path, found] of this.#filesIn(this.#options.folder, entries)) {
      const file = this.#files.get(identityOf(found)) ?? this.#add(path, found);
      file.path = path;
      if (found.size === file.position || file.isText === false) continue;
      const read = await this.#unlessUnreadable(path, () => file.read(left, found));
      left -= read ?? 0;
      this.#leftBytes -= read ?? 0;
    }
    if (entries.left === 0) this.#unread.set('others', `there are more than ${MOST_ENTRIES} files and folders`);
  }

  /** Yields the regular files in a folder, and records links out of the service's folder. */
  async *#filesIn(folder: string, entries: { left: number }): AsyncGenerator<[path: string, found: Identity]> {
    for (const entry of (await this.#unlessUnreadable(folder, () => readdir(folder, { withFileTypes: true }))) ?? []) {
      if (entries.left === 0) return;
      entries.left -= 1;
      const path = join(folder, entry.name);
      if (entry.isDirectory()) yield* this.#filesIn(path, entries);
      if (entry.isSymbolicLink() && (await this.#isOutside(path))) this.#links.add(this.#nameOf(path));
      if (!entry.isFile()) continue;
      const found = await this.#unlessUnreadable(path, () => lstat(path));
      if (found?.isFile()) yield [path, found];
    }
  }

  #add(path: string, found: Identity): TextFile {
    const name = this.#nameOf(path);
    const knownLines = new Set(this.#options.knownFiles[name]?.split('\n'));
    const { leakTargets: targets, of, record } = this.#options;
    const search = searchLog(targets, { of, file: name }, record);
    const file: TextFile = new TextFile(path, (line) => {
      const isKnown = knownLines.has(line);
      search(isKnown ? '' : line);
      if (!isKnown && line !== '') this.#lines.set(file, (this.#lines.get(file) ?? 0) + 1);
    });
    this.#files.set(identityOf(found), file);
    return file;
  }

  /** Returns undefined if a file can't be read, and records the reason. A file that was deleted is no problem. */
  async #unlessUnreadable<Found>(path: string, read: () => Promise<Found>): Promise<Found | undefined> {
    const name = this.#nameOf(path);
    try {
      const found = await read();
      this.#unread.delete(name);
      return found;
    } catch (error) {
      if (!isSystemError(error)) throw error;
      if (error.code !== 'ENOENT' && error.code !== 'ELOOP') this.#unread.set(name, error.code ?? error.message);
    }
  }

  async #isOutside(link: string): Promise<boolean> {
    const target = await this.#unlessUnreadable(link, () => realpath(link));
    return target !== undefined && relative(await realpath(this.#options.folder), target).split(sep)[0] === '..';
  }

  #nameOf = (path: string): string => relative(this.#options.folder, path) || '.';
}

const named = (all: readonly string[]): FilesEvent['binary'] => ({ all: all.length, names: all.slice(0, MOST_NAMES) });
