import { existsSync, statSync } from 'node:fs';
import { realpath } from 'node:fs/promises';
import { basename, dirname, join, relative } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { ProofloadError } from '../../base/errors.ts';
import { admitHost } from '../../contract/allowed-host.ts';
import type { Contract } from '../../contract/contract.ts';
import { loadContract, type Use } from '../../contract/load.ts';
import { Reaper } from '../../process/reaper.ts';
import { checkOut, commitOf, NO_HISTORY, repositoryOf, withoutHistory } from './check-out.ts';
import { prepare } from './prepare.ts';

/** The build to compare with. */
export interface Against {
  /** The setting that names it, for messages. */
  readonly setting: '--against' | '--against-release';
  /** A commit, branch or tag, a folder, or the address of a running service. */
  readonly requested: string;
  /** The path of this build's contract, and the loaded contract. */
  readonly contract: string;
  readonly thisBuild: Contract;
  /** A shell command that prepares a checked-out build, in the folder of its contract. Empty if npm does it. */
  readonly prepare?: string;
  readonly use: Use;
  readonly signal: AbortSignal;
}

/** The other build, ready to be started. Disposing of it removes what was made for it. */
export interface OtherBuild extends AsyncDisposable {
  /** Its name in results, such as `main (2f1c3d4)`. */
  readonly name: string;
  readonly contract: Contract;
}

/** Returns how the user named it. */
const settingOf = ({ setting, requested }: Pick<Against, 'setting' | 'requested'>): string => `${setting} ${requested}`;

const ALLOWED = 'allowed: a commit, branch or tag, a folder, or the address of a running service (http://…)';

/**
 * Finds the build to compare with. A commit is checked out into a temporary folder and prepared there.
 *
 * @throws ProofloadError USAGE if there is no such build, if it has no contract, or if that starts this build.
 * BUILD_NOT_READY if it can't be prepared, or the errors of `loadContract`
 */
export async function openOtherBuild(against: Against): Promise<OtherBuild> {
  const { requested } = against;
  const own = await realpath(against.contract);
  if (/^https?:/i.test(requested)) return { ...runningAt(against), ...NOTHING_MADE };
  const repository = (await repositoryOf(dirname(own))) ?? dirname(own);
  const commit = /^[./]/.test(requested) ? undefined : await commitOf(repository, requested);
  if (commit !== undefined) return checkedOut(against, { repository, own, commit });
  if (!existsSync(requested) || !statSync(requested).isDirectory()) {
    const why = (await withoutHistory(repository)) ? `; the history of this repository ${NO_HISTORY}` : '';
    throw new ProofloadError('USAGE', `${settingOf(against)}: no such commit or folder exists; ${ALLOWED}${why}`);
  }
  const folder = await realpath(requested);
  const file = contractIn(folder, relative(repository, own), settingOf(against));
  return { name: requested, contract: await loadOther(against, { file, folder, repository }), ...NOTHING_MADE };
}

const NOTHING_MADE = { async [Symbol.asyncDispose]() {} };

/** Returns this build's contract for a service that is already running. */
function runningAt({ requested, setting, thisBuild, use }: Against): Pick<OtherBuild, 'name' | 'contract'> {
  const url = addressIn(requested, setting);
  const { readyPath, readySeconds } = thisBuild.start;
  const contract = { ...thisBuild, start: { readyPath, readySeconds, running: { url } } };
  admitHost(contract, use.allowHost);
  refuseThisBuild(`${setting} ${url}`, sameStart(thisBuild, contract));
  return { name: url, contract };
}

/** @throws ProofloadError USAGE, without what may be secret in an address */
function addressIn(requested: string, setting: string): string {
  const { origin, href } = URL.canParse(requested) ? new URL(requested) : { origin: '', href: '' };
  if (href === `${origin}/`) return origin;
  throw new ProofloadError(
    'USAGE',
    `${setting} ${origin || 'http'}…: an address has no credentials, path or query, such as http://127.0.0.1:8000`,
  );
}

async function checkedOut(
  against: Against,
  { repository, own, commit }: { repository: string; own: string; commit: string },
): Promise<OtherBuild> {
  const { requested, signal } = against;
  await using resources = new AsyncDisposableStack();
  const reaper = resources.use(new Reaper());
  const { path } = resources.use(await checkOut(repository, commit, reaper));
  const file = contractIn(path, relative(repository, own), settingOf(against));
  const folder = dirname(relative(path, file));
  await prepare({ from: repository, to: path, folder, reaper, signal, command: against.prepare });
  const contract = await loadOther(against, { file, folder: path, repository });
  const made = resources.move();
  const name = commit.startsWith(requested) ? commit.slice(0, 10) : `${requested} (${commit.slice(0, 10)})`;
  return { name, contract, [Symbol.asyncDispose]: () => made.disposeAsync() };
}

/** Returns the contract in a folder: at the same place as this build's, or directly in it. */
function contractIn(folder: string, own: string, setting: string): string {
  const found = [own, basename(own)].map((path) => join(folder, path)).find((path) => existsSync(path));
  if (found !== undefined) return found;
  throw new ProofloadError('USAGE', `${setting}: it has no contract ${own}, so it can't be started`);
}

/**
 * Loads the other build's contract. A command that replaces that of the contract runs in the other build's folder.
 *
 * @throws ProofloadError USAGE if this would start the build under test a second time, in which no regression is visible
 */
async function loadOther(
  { requested, setting, use, thisBuild }: Against,
  { file, folder, repository }: { file: string; folder: string; repository: string },
): Promise<Contract> {
  const loaded = await loadContract(file, use);
  const other = use.command ? inItsFolder(loaded, folder, relative(repository, process.cwd())) : loaded;
  refuseThisBuild(
    settingOf({ requested, setting }),
    sameStart(thisBuild, other) ?? (`${folder}/`.startsWith(`${repository}/`) ? undefined : pathIn(other, repository)),
  );
  return other;
}

/** @throws ProofloadError USAGE if something is the same in both builds */
function refuseThisBuild(setting: string, same: string | undefined): void {
  if (same === undefined) return;
  throw new ProofloadError(
    'USAGE',
    `${setting}: its contract starts this build, because it names ${same}; name another build`,
  );
}

/** @throws ProofloadError USAGE if the working directory, which the command is for, is not in the repository */
function inItsFolder(contract: Contract, folder: string, directory: string): Contract {
  if (!directory.startsWith('..')) return { ...contract, start: { ...contract.start, cwd: join(folder, directory) } };
  throw new ProofloadError(
    'USAGE',
    '--command is for the working directory, which is not in the repository of the contract; run the gate in that',
  );
}

/** Returns the image, address or folder that both contracts name. The same folder may be started by other settings. */
function sameStart(a: Contract, b: Contract): string | undefined {
  const [own, other] = [a.start, b.start];
  const image = own.container?.image;
  if (image !== undefined && image === other.container?.image) return `the image ${image}, too`;
  const url = own.running?.url.replace(/\/$/, '');
  if (url !== undefined && url === other.running?.url.replace(/\/$/, '')) return `the running service ${url}, too`;
  if (own.command === undefined && own.container === undefined) return undefined;
  return isDeepStrictEqual(a, b) ? 'the same folder, command and settings' : undefined;
}

/** Node finds compiled modules in its cache by their path and content, so both builds can share it. */
const withoutCache = ({ environment: { NODE_COMPILE_CACHE: _, ...environment }, ...contract }: Contract) => ({
  ...contract,
  environment,
});

/** Returns the path of a folder if the contract names it, or anything in it. */
function pathIn(contract: Contract, folder: string): string | undefined {
  const text = JSON.stringify(withoutCache(contract));
  const path = JSON.stringify(folder).slice(1, -1);
  return ['/', '"'].some((end) => text.includes(path + end)) ? `${folder}/` : undefined;
}
