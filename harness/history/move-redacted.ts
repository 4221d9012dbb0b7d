import { createReadStream, createWriteStream } from 'node:fs';
import { readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { secrets } from '../base/secrets.ts';
import { jsonWithoutSecrets } from '../base/without-secrets.ts';
import { written } from '../base/written.ts';

/** Moves the files that an engine and its script wrote to another folder, and removes secrets from them. */
export async function moveRedacted(from: string, to: string): Promise<void> {
  for (const entry of await readdir(from, { withFileTypes: true })) {
    if (entry.isFile()) await moveFile(join(from, entry.name), join(to, entry.name));
  }
}

async function moveFile(from: string, to: string): Promise<void> {
  // Most files contain no secrets and don't have to be rewritten.
  if (!(await hasSecrets(from))) return rename(from, to);
  await written(to, pipeline(Readable.from(redactLines(from)), createWriteStream(to, { mode: 0o600 })));
  await rm(from);
}

async function hasSecrets(path: string): Promise<boolean> {
  for await (const line of linesOf(path)) if (secrets.redact(line) !== line) return true;
  return false;
}

async function* redactLines(path: string): AsyncGenerator<string> {
  for await (const line of linesOf(path)) yield `${secrets.redact(line) === line ? line : redactLine(line)}\n`;
}

const linesOf = (path: string) => createInterface({ input: createReadStream(path) });

/** The last line may be truncated JSON if the engine was killed. */
function redactLine(line: string): string {
  try {
    return jsonWithoutSecrets(JSON.parse(line));
  } catch {
    return secrets.redact(line);
  }
}
