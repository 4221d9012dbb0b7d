import { spawn } from 'node:child_process';
import { hash, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { constants, open, readdir, rename, rm } from 'node:fs/promises';
import { getCompileCacheDir } from 'node:module';
import { basename, dirname, join } from 'node:path';
import type { Identity } from './postgres-binaries.ts';

const { O_NOFOLLOW, O_NONBLOCK, O_RDONLY } = constants;

/** How the names of this user's templates begin. */
const PREFIX = `postgres-${process.getuid?.()}-`;

/**
 * The data of a new server, kept for later servers, because a copy takes an eighth of the processor time of initdb.
 *
 * The template is an archive in the folder for compiled modules (`NODE_COMPILE_CACHE`). A single file can be replaced
 * and removed while other processes read it, and the server's user can unpack it without access to the folder.
 */
export class DataTemplate {
  readonly #file: string;

  /** @param file Where the archive is, or will be. */
  constructor(file: string) {
    this.#file = file;
  }

  /**
   * Returns the template of new servers, or undefined if Node keeps no compiled modules.
   *
   * @param origin Everything that the data depend on, such as the version of the server.
   */
  static ofNew(origin: string, folder = keptFolder()): DataTemplate | undefined {
    return folder === undefined ? undefined : new DataTemplate(join(folder, `${PREFIX}${hash('sha256', origin)}.tar`));
  }

  /**
   * Creates `data` in a folder. `identity` is its owner.
   *
   * @throws Error if there is no template, or it can't be used. The folder may then contain a part of it.
   */
  async unpack(folder: string, identity: Identity): Promise<void> {
    // Another user's link is not followed, and nothing waits for the writer of a pipe.
    await using file = await open(this.#file, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
    const { uid, mode, size } = await file.stat();
    // Another user may have put a file there, but can't write to a file that is private to this user.
    if (uid !== process.getuid?.() || (mode & 0o077) !== 0) throw new Error('other users could have written it');
    // An archive ends with two empty blocks. If they are missing, tar may not notice that it ends early.
    const { buffer } = await file.read({ buffer: Buffer.alloc(1_024, 1), position: Math.max(0, size - 1_024) });
    if (buffer.some((byte) => byte !== 0)) throw new Error('it ends early');
    await tar(['-xmpf', '-'], folder, identity, [file.fd, 'ignore', 'ignore']);
  }

  /**
   * Keeps `data` in a folder as the template. If this fails, for example because the disk is full, nothing is kept.
   *
   * @throws The error of the file system, or Error if tar fails
   */
  async pack(folder: string, identity: Identity): Promise<void> {
    const part = `${this.#file}.${randomUUID()}`;
    try {
      await using file = await open(part, 'wx', 0o600);
      await tar(['-cf', '-', 'data'], folder, identity, ['ignore', file.fd, 'ignore']);
      await file.sync(); // otherwise a power failure could leave a template that ends early
      await rename(part, this.#file);
    } catch (error) {
      await rm(part, { force: true }).catch(() => {});
      throw error;
    }
  }

  /** Removes the templates of other origins, and parts of templates that an interrupted process has left. */
  async removeOthers(): Promise<void> {
    const folder = dirname(this.#file);
    const others = (await readdir(folder)).filter((name) => name.startsWith(PREFIX) && name !== basename(this.#file));
    await Promise.all(others.map((name) => rm(join(folder, name), { force: true })));
  }
}

/** Returns the folder for compiled modules. Node has a folder for each of its versions there. */
function keptFolder(): string | undefined {
  const compiled = getCompileCacheDir();
  return compiled && dirname(compiled);
}

async function tar(
  args: readonly string[],
  cwd: string,
  identity: Identity,
  stdio: ('ignore' | number)[],
): Promise<void> {
  // On macOS, tar would also keep the attributes of each file.
  const env = { PATH: process.env.PATH, COPYFILE_DISABLE: '1' };
  const [exitCode] = await once(spawn('tar', args, { ...identity, cwd, env, stdio }), 'close');
  if (exitCode !== 0) throw new Error(`tar ended with ${exitCode}`);
}
