import type { Tags } from '../metrics/tags.ts';
import type { SampleOutput } from './json-output.ts';
import { openOutputFile } from './output-file.ts';

/** Implements `--out csv` in k6's format: one line per sample, with a column for each enabled system tag. */
export function openCsvOutput(path: string, systemTags: ReadonlySet<string>): SampleOutput {
  const file = openOutputFile(path);
  // `vu` and `iter` are metadata, so they have no columns.
  const columns = [...systemTags].filter((name) => name !== 'vu' && name !== 'iter').sort();
  const others = (tags: Tags) => pairs(Object.entries(tags).filter(([name]) => !columns.includes(name)));
  file.write(`${['metric_name', 'timestamp', 'metric_value', ...columns, 'extra_tags', 'metadata'].join(',')}\n`);
  return {
    add({ metric, time, value, tags, metadata }) {
      const cells = [metric.name, String(Math.floor(time / 1_000)), value.toFixed(6)];
      const row = [
        ...cells,
        ...columns.map((name) => tags[name] ?? ''),
        others(tags),
        pairs(Object.entries(metadata ?? {})),
      ];
      file.write(`${row.map(cell).join(',')}\n`);
    },
    close: file.close,
  };
}

const pairs = (entries: readonly (readonly [string, string])[]): string =>
  entries.map(([name, value]) => `${name}=${value}`).join('&');

/** Quotes a cell if necessary (RFC 4180). */
const cell = (text: string): string => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
