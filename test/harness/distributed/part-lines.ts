import { PosixChecksum } from '../../../harness/distributed/posix-checksum.ts';

/** The value and tags of a sample, at a second of the test. */
interface Sample {
  readonly metric: string;
  readonly value: number;
  readonly tags?: Readonly<Record<string, string>>;
  readonly second?: number;
}

/** An instance's samples, without its marks. */
export function sampleLines(
  run: string,
  part: number,
  types: Readonly<Record<string, string>>,
  samples: readonly Sample[],
): string[] {
  const definitions = Object.entries(types).map(([name, type]) => ({
    type: 'Metric',
    data: { name, type, contains: 'default' },
    metric: name,
  }));
  const points = samples.map(({ metric, value, tags, second = 0 }) => ({
    metric,
    type: 'Point',
    data: {
      time: `2026-01-01T00:00:0${second}.000000001Z`,
      value,
      tags: { proofload_run: run, instance_id: String(part), ...tags },
    },
  }));
  return [...definitions, ...points].map((line) => JSON.stringify(line));
}

/** The line with k6's own totals. */
export const totalsLine = (run: string, metrics: object): string => JSON.stringify({ type: 'Totals', run, metrics });

/** Appends an end mark, as the scripts do. */
export function withEnd(
  run: string,
  part: number,
  lines: readonly string[],
  given: { exit?: number; reason?: string } = {},
): string {
  const text = lines.map((line) => `${line}\n`).join('');
  const checksum = new PosixChecksum();
  checksum.add(Buffer.from(text));
  const end = {
    type: 'End',
    run,
    part,
    exit: 0,
    ...given,
    lines: lines.length,
    bytes: checksum.bytes,
    checksum: checksum.value,
  };
  return `${text}${JSON.stringify(end)}\n`;
}
