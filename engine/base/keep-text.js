import { hash, randomUUID } from 'node:crypto';
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { getCompileCacheDir } from 'node:module';
import { join } from 'node:path';

/**
 * Returns a text that takes long to compute. It is kept in the folder of Node's compile cache, so that later processes
 * only read it. Without such a cache, it is computed each time. The folder is different for each version of Node.
 *
 * It is JavaScript, because bin/ needs it before Node can read TypeScript below node_modules.
 *
 * @param {string} kind Names the computation. Change it when the same input gives another text.
 * @param {string} input Everything else that the text depends on.
 * @param {() => string} compute An error is passed on, and nothing is kept.
 * @returns {string}
 */
export function keepText(kind, input, compute) {
  const kept = keptText(kind, input);
  if (kept.text !== undefined) return kept.text;
  const text = compute();
  kept.keep(text);
  return text;
}

/**
 * Returns the text that `keep` has kept for this input, also in earlier processes, if there is one.
 *
 * @param {string} kind
 * @param {string} input
 * @param {string} [place] Texts with the same place replace each other. By default, there is a place for each input.
 * @returns {{ text: string | undefined, keep(text: string): void }}
 */
export function keptText(kind, input, place = input) {
  const folder = getCompileCacheDir();
  if (folder === undefined) return { text: undefined, keep() {} };
  const file = join(folder, `${kind}-${sum(place)}`);
  return {
    text: read(file, input),
    keep(text) {
      try {
        // Other processes must never read half of it, nor other users a script, which may contain a key.
        const part = `${file}.${randomUUID()}`;
        writeFileSync(part, sum(input + text) + text, { mode: 0o600 });
        renameSync(part, file);
      } catch {}
    },
  };
}

const sum = (text) => hash('sha256', text);
const SUM_LENGTH = 64;

/** Returns undefined if no text is kept for this input, or if it was damaged, for example by a full disk. */
function read(file, input) {
  try {
    const kept = readFileSync(file, 'utf8');
    const text = kept.slice(SUM_LENGTH);
    return kept.startsWith(sum(input + text)) ? text : undefined;
  } catch {
    return undefined;
  }
}
