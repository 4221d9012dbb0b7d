import { type FSWatcher, watch } from 'node:fs';
import { changedFiles, type ServiceFiles } from './service-files.ts';

/** How long files must be unchanged, because editors and builds write several, in milliseconds. */
const QUIET_MS = 200;

/** How often to look if the system can't watch all folders, in milliseconds. */
const POLL_MS = 1_000;

/** Notices changes of a service's files until it is disposed of. */
export class WatchedFiles implements Disposable {
  readonly #look: () => Promise<ServiceFiles>;
  readonly #changed: (paths: readonly string[]) => void;
  readonly #watchers = new Map<string, FSWatcher>();
  #before: ServiceFiles;
  #quiet: NodeJS.Timeout | undefined;
  #poll: NodeJS.Timeout | undefined;

  private constructor(
    look: () => Promise<ServiceFiles>,
    before: ServiceFiles,
    changed: (paths: readonly string[]) => void,
  ) {
    this.#look = look;
    this.#before = before;
    this.#changed = changed;
    this.#watchFolders();
  }

  /**
   * @param look Returns the files: see `serviceFiles`.
   * @param changed Called with the paths of all files that have changed at about the same time.
   */
  static async start(
    look: () => Promise<ServiceFiles>,
    changed: (paths: readonly string[]) => void,
  ): Promise<WatchedFiles> {
    return new WatchedFiles(look, await look(), changed);
  }

  #watchFolders(): void {
    const { folders } = this.#before;
    for (const [folder, watcher] of this.#watchers) if (!folders.includes(folder)) this.#unwatch(folder, watcher);
    try {
      for (const folder of folders) {
        if (this.#watchers.has(folder)) continue;
        // Not recursive, because it would also watch node_modules.
        const watcher = watch(folder, this.#seeEvent).on('error', () => this.#unwatch(folder, watcher));
        this.#watchers.set(folder, watcher);
      }
    } catch {
      // There are more folders than the system may watch.
      this.#poll ??= setInterval(this.#check, POLL_MS);
    }
  }

  #unwatch(folder: string, watcher: FSWatcher): void {
    watcher.close();
    this.#watchers.delete(folder);
  }

  #seeEvent = (): void => {
    clearTimeout(this.#quiet);
    this.#quiet = setTimeout(this.#check, QUIET_MS);
  };

  #check = async (): Promise<void> => {
    const before = this.#before;
    const after = await this.#look();
    // Another check was quicker.
    if (this.#before !== before) return;
    this.#before = after;
    this.#watchFolders();
    const paths = changedFiles(before, after);
    if (paths.length > 0) this.#changed(paths);
  };

  [Symbol.dispose](): void {
    clearTimeout(this.#quiet);
    clearInterval(this.#poll);
    for (const [folder, watcher] of this.#watchers) this.#unwatch(folder, watcher);
    this.#before = { files: new Map(), folders: [] };
  }
}
