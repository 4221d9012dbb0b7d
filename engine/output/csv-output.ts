import { createWriteStream, openSync } from 'node:fs';
import { finished } from 'node:stream/promises';
import { EngineError } from '../base/errors.ts';
import type { Tags } from '../metrics/tags.ts';
import type { SampleOutput } from './json-output.ts';

/** Implements `--out csv` in k6's format: one line per sample, with a column for each enabled system tag. */
export function openCsvOutput(path: string, systemTags: ReadonlySet<string>): SampleOutput {
  const failed = (error: unknown) =>
    new EngineError('OUTPUT_FAILED', `can't write the output ${path}: ${(error as Error).message}`);
  let fd: number;
  try {
    fd = openSync(path, 'w');
  } catch (error) {
    throw failed(error);
  }
  const stream = createWriteStream(path, { fd });
  const ended = finished(stream);
  // `close()` reports the error. Until then, the rejection must not count as unhandled.
  ended.catch(() => {});
  // `vu` and `iter` are metadata, so they have no columns.
  const columns = [...systemTags].filter((name) => name !== 'vu' && name !== 'iter').sort();
  const others = (tags: Tags) => pairs(Object.entries(tags).filter(([name]) => !columns.includes(name)));
  stream.write(`${['metric_name', 'timestamp', 'metric_value', ...columns, 'extra_tags', 'metadata'].join(',')}\n`);
  return {
    add({ metric, time, value, tags, metadata }) {
      const cells = [metric.name, String(Math.floor(time / 1_000)), value.toFixed(6)];
      const row = [
        ...cells,
        ...columns.map((name) => tags[name] ?? ''),
        others(tags),
        pairs(Object.entries(metadata ?? {})),
      ];
      stream.write(`${row.map(cell).join(',')}\n`);
    },
    async close() {
      stream.end();
      await ended.catch((error: unknown) => Promise.reject(failed(error)));
    },
  };
}

const pairs = (entries: readonly (readonly [string, string])[]): string =>
  entries.map(([name, value]) => `${name}=${value}`).join('&');

/** Quotes a cell if necessary (RFC 4180). */
const cell = (text: string): string => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
