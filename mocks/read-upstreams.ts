import { readFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { z } from 'zod';
import { name } from '../faults/base/name.ts';
import { Refusal } from '../faults/base/refusal.ts';
import { type DeclaredUpstreams, declaredUpstream } from './declared-upstream.ts';

/** Stands for standard input in `--upstreams`. */
const STDIN = '-';

const declaredUpstreams = z.record(name, declaredUpstream);

/**
 * Reads declared upstreams as a JSON object whose keys are their names. They are read from a file or, for `-`, from the
 * first line of standard input, which may stay open.
 *
 * @throws Refusal `unreadable-upstreams` or `invalid-upstreams`
 */
export async function readUpstreams(source: string, stdin: Readable = process.stdin): Promise<DeclaredUpstreams> {
  const text = source === STDIN ? await firstLineOf(stdin) : await textOf(source);
  const parsed = declaredUpstreams.safeParse(fromJson(text));
  if (parsed.success) return parsed.data;
  throw new Refusal('invalid-upstreams', z.prettifyError(parsed.error));
}

function firstLineOf(input: Readable): Promise<string> {
  const lines = createInterface({ input });
  return new Promise((resolve) => {
    lines.once('line', resolve);
    lines.once('close', () => resolve(''));
  });
}

async function textOf(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    throw new Refusal('unreadable-upstreams', `--upstreams ${file}: ${(error as Error).message}`);
  }
}

function fromJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Refusal('unreadable-upstreams', `the upstreams are not JSON: ${(error as Error).message}`);
  }
}
