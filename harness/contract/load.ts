import { dirname, resolve } from 'node:path';
import { z } from 'zod';
import { messageOf, ProofloadError } from '../base/errors.ts';
import { admitHost } from './allowed-host.ts';
import { changed, type FieldChange } from './changed.ts';
import { type Contract, contractSchema } from './contract.ts';
import { withoutLimiterStore } from './limiter-store.ts';
import { mend } from './mend.ts';
import { findProblems } from './rules/index.ts';
import type { Problem } from './rules/rule.ts';
import { hideSettings } from './secret-settings.ts';
import { readSource, type Source } from './source.ts';

/**
 * How a contract is used: the profile, a command that replaces the contract's own, the other machines allowed, changes
 * that are made to what the file says, and whether scenarios leave out what takes long.
 */
export interface Use {
  profile: string;
  command?: readonly string[] | undefined;
  allowHost?: readonly string[] | undefined;
  changes?: readonly FieldChange[] | undefined;
  isBrief?: boolean | undefined;
}

/**
 * Reads a contract, which is a YAML or JSON file, or the default export of a TypeScript or JavaScript module.
 *
 * @param use Set it if the service will be started. All variables that the contract refers to must then be set, and its
 * secrets are hidden in all output.
 * @throws ProofloadError CONTRACT_INVALID that lists all problems, one per line, with the path and, if known, the line
 * in the file
 * @throws ProofloadError HOST_NOT_ALLOWED if it will be used, and its service runs on another machine that is not allowed
 */
export async function loadContract(path: string, use?: Use): Promise<Contract> {
  const source = await read(path, use?.changes);
  const completed = (contract: Contract) => withCommand(withFiles(contract, dirname(resolve(path))), use?.command);
  const parsed = parse(path, source.value);
  const lost = lostEntries(source.value);
  if (parsed.success) {
    const contract = completed(parsed.data);
    const problems = [...lost, ...(await findProblems(contract, use?.profile))];
    if (problems.length > 0) throw invalid(path, source, problems);
    if (use) {
      admitHost(contract, use.allowHost);
      hideSettings(contract);
    }
    return { ...withoutLimiterStore(contract), ...(use?.isBrief && { isBrief: true }) };
  }
  const { output, problems, isOriginal } = mend(source.value, parsed.error.issues, (value) => parse(path, value));
  // A rule may throw because of repaired parts. The problems of the schema are reported anyway.
  const others = output ? await findProblems(completed(output), use?.profile).catch(() => []) : [];
  throw invalid(path, source, [...lost, ...problems, ...others.filter(isOriginal)]);
}

/** Returns an error that lists the problems of a contract. */
function invalid(path: string, source: Source, problems: readonly Problem[]): ProofloadError {
  const lines = problems.slice(0, SHOWN).map((problem) => describe(path, source, problem));
  if (problems.length > SHOWN) lines.push(`and ${problems.length - SHOWN} more`);
  return new ProofloadError('CONTRACT_INVALID', `${path} is not a valid contract:\n${lines.join('\n')}`);
}

/** Maximum number of problems to list. If there are more, it is usually the same mistake repeated. */
const SHOWN = 50;

function parse(path: string, value: unknown) {
  try {
    JSON.stringify(value); // throws if it contains itself, for example because of a YAML alias
    // Compiling the schema would take longer than parsing once without that.
    return contractSchema.safeParse(value, { error: nameAllowed, jitless: true });
  } catch (error) {
    throw new ProofloadError('CONTRACT_INVALID', `${path} can't be read: ${messageOf(error)}`, { cause: error });
  }
}

/** Adds the names that are allowed to the message about an unknown one. */
const nameAllowed: z.core.$ZodErrorMap = ({ code, keys, inst }) =>
  code === 'unrecognized_keys' && inst instanceof z.ZodObject
    ? `Unrecognized key: ${keys.map((key) => `"${key}"`).join(', ')}; allowed: ${Object.keys(inst.shape).join(', ')}`
    : undefined;

/** Returns the contract with a different start command, if one is given. It runs in the working directory. */
function withCommand(contract: Contract, command: readonly string[] | undefined): Contract {
  const { running: _, container: __, ...start } = contract.start;
  return command ? { ...contract, start: { ...start, command: [...command], cwd: process.cwd() } } : contract;
}

/** Returns the contract with absolute paths. In the contract, they are relative to its folder. */
export const withFiles = (contract: Contract, folder: string): Contract =>
  withWorkingFolder(withSqlFiles(withUploads(withUpstreamFiles(contract, folder), folder), folder), folder);

/** Returns the contract with absolute paths of the folder in which its commands run, or of its Dockerfile. */
function withWorkingFolder({ start, ...contract }: Contract, folder: string): Contract {
  const { container, command, cwd = '' } = start;
  if (container?.dockerfile !== undefined) {
    const dockerfile = resolve(folder, container.dockerfile);
    return { ...contract, start: { ...start, container: { dockerfile } } };
  }
  return { ...contract, start: command && !container ? { ...start, cwd: resolve(folder, cwd) } : start };
}

/** Returns the contract with absolute paths for the files of its database. */
function withSqlFiles({ database, ...contract }: Contract, folder: string): Contract {
  if (!database) return contract;
  const inFolder = (files: string | string[] = []) => [files].flat().map((file) => resolve(folder, file));
  const { schema, fixtures } = database;
  return { ...contract, database: { ...database, schema: inFolder(schema), fixtures: inFolder(fixtures) } };
}

/** Returns the contract with absolute paths for its upstreams' files. In the contract, they are relative to its folder. */
function withUpstreamFiles(contract: Contract, folder: string): Contract {
  const upstreams = Object.entries(contract.upstreams).map(([name, upstream]) => {
    if ('handlers' in upstream) return [name, { ...upstream, handlers: resolve(folder, upstream.handlers) }];
    return [name, 'openapi' in upstream ? { ...upstream, openapi: resolve(folder, upstream.openapi) } : upstream];
  });
  return { ...contract, upstreams: Object.fromEntries(upstreams) };
}

/** Returns the contract with absolute paths for uploads. In the contract, they are relative to its folder. */
function withUploads(contract: Contract, folder: string): Contract {
  const endpoints = Object.entries(contract.endpoints).map(([name, endpoint]) => {
    const { file } = endpoint;
    if (file?.path === undefined) return [name, endpoint] as const;
    return [name, { ...endpoint, file: { ...file, path: resolve(folder, file.path) } }] as const;
  });
  return { ...contract, endpoints: Object.fromEntries(endpoints) };
}

async function read(path: string, changes: Use['changes'] = []): Promise<Source> {
  const source = await readSource(resolve(path)).catch((error) => {
    throw new ProofloadError('CONTRACT_INVALID', `${path} can't be read: ${messageOf(error)}`, { cause: error });
  });
  return { ...source, value: changes.reduce(changed, source.value) };
}

function describe(file: string, source: Source, { path, message, ...issue }: Problem): string {
  const unknownKey = 'keys' in issue ? (issue.keys as string[]).slice(0, 1) : [];
  const line = source.lineOf([...path, ...unknownKey]);
  const where = path.length === 0 ? 'the contract' : path.map(shown).join('.');
  // Zod's message is only "Invalid key in record". The reason is in the inner issues.
  const [inner] = 'issues' in issue ? (issue.issues as Problem[]) : [];
  const reason = (inner?.message ?? message).replace(MISSING, 'missing; expected $1');
  return `✖ ${line === undefined ? '' : `${file}:${line}: `}${where}: ${reason}`;
}

/** Returns a part of a path, in quotes if its end would be unclear. */
const shown = (part: PropertyKey): string =>
  /[\p{C}"]|: |^\s|\s$/u.test(String(part)) ? JSON.stringify(part) : String(part);

/** Zod's message if a required value is not there. */
const MISSING = /Invalid input: expected (.+), received undefined/;

const LOST_NAME = '__proto__';

/** Finds entries that would be lost, because JavaScript objects treat the name `__proto__` differently. */
function lostEntries(value: unknown, path: readonly PropertyKey[] = [], seen = new Set<unknown>()): Problem[] {
  if (typeof value !== 'object' || value === null || seen.has(value)) return [];
  seen.add(value);
  const found =
    Object.hasOwn(value, LOST_NAME) || isInherited(value) ? [{ path: [...path, LOST_NAME], message: LOST }] : [];
  const others = Object.entries(value).filter(([name]) => name !== LOST_NAME);
  return [...found, ...others.flatMap(([name, part]) => lostEntries(part, [...path, name], seen))];
}

const LOST = `${LOST_NAME} can't be the name of anything in a contract; to send it in a body, use \`text\``;

/** Whether an object has entries from another one, which `{ __proto__: { … } }` in a module does. */
function isInherited(value: object): boolean {
  const prototype = Object.getPrototypeOf(value);
  return prototype !== null && !Object.hasOwn(prototype, 'constructor');
}
