import { createReadStream, createWriteStream, existsSync } from 'node:fs';
import { rename } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { secrets } from '../base/secrets.ts';
import { jsonWithoutSecrets } from '../base/without-secrets.ts';

/** Removes secrets from a file of JSON lines that an engine wrote. */
export async function redactSamples(path: string): Promise<void> {
  if (!(await hasSecrets(path))) return;
  const copy = `${path}.redacted`;
  await pipeline(Readable.from(redactLines(path)), createWriteStream(copy, { mode: 0o600 }));
  await rename(copy, path);
}

/** Most files contain no secrets and don't have to be rewritten. */
async function hasSecrets(path: string): Promise<boolean> {
  if (!existsSync(path)) return false;
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
