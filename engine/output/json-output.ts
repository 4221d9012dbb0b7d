import type { Logger } from '../base/logger.ts';
import type { Metric } from '../metrics/metric.ts';
import type { Sample } from '../metrics/sample.ts';
import type { Tags } from '../metrics/tags.ts';
import { type ThresholdOption, type ThresholdSet, thresholdToJson } from '../thresholds/threshold-set.ts';
import { openOutputFile } from './output-file.ts';

let lastSecond = -1;

let prefix = '';

/** How often to write to the file, in milliseconds, so that readers can follow it. */
const FLUSH_INTERVAL = 100;

/** Receives samples as they are recorded. */
export interface SampleOutput {
  add(sample: Sample): void;
  /** Writes the remaining samples and closes the file. */
  close(): Promise<void>;
}

/**
 * Implements `--out json` in k6's format: one line for each metric before its first sample, and one line per sample.
 *
 * @throws EngineError OUTPUT_FAILED if the file can't be opened. If writing failed, `close()` rejects with this error.
 */
export function openJsonOutput(path: string, thresholds: ThresholdSet, logger: Logger): SampleOutput {
  const file = openOutputFile(path);
  const seen = new Set<Metric>();
  const tagTexts = new WeakMap<Tags, string>();
  let lines = '';
  let refused = 0;
  /** The samples of a request come one after another and share its metadata. */
  let [metadata, metadataText]: [Tags | undefined, string] = [undefined, ''];

  const tagText = (tags: Tags): string => {
    let text = tagTexts.get(tags);
    if (text === undefined) {
      text = JSON.stringify(tags);
      tagTexts.set(tags, text);
    }
    return text;
  };
  const textBeside = (given: Tags | undefined): string => {
    if (given !== metadata) [metadata, metadataText] = [given, given ? `,"metadata":${JSON.stringify(given)}` : ''];
    return metadataText;
  };
  const flush = () => {
    if (lines !== '') file.write(lines);
    lines = '';
  };
  const timer = setInterval(flush, FLUSH_INTERVAL);

  return {
    add({ metric, time, value, tags, metadata: given }) {
      if (!seen.has(metric)) {
        seen.add(metric);
        lines += declaration(metric, thresholds.optionsOf(metric.name));
      }
      // As in k6, these values are not written.
      if (!Number.isFinite(value)) {
        refused += 1;
        return;
      }
      lines += `{"metric":"${metric.name}","type":"Point","data":{"time":"${formatTime(time)}","value":${value},"tags":${tagText(tags)}${textBeside(given)}}}\n`;
    },
    async close() {
      clearInterval(timer);
      if (refused > 0)
        logger.log('error', `${refused} samples were not written to ${path}: JSON has no infinite numbers`);
      flush();
      await file.close();
    },
  };
}

function declaration({ name, type, contains, submetrics }: Metric, thresholds: readonly ThresholdOption[]): string {
  const data = {
    name,
    type,
    contains,
    thresholds: thresholds.map(thresholdToJson),
    submetrics:
      submetrics.length === 0
        ? null
        : submetrics.map((submetric) => ({
            name: submetric.name,
            suffix: submetric.name.slice(name.length + 1, -1),
            tags: submetric.tags,
          })),
  };
  return `${JSON.stringify({ type: 'Metric', data, metric: name })}\n`;
}

/**
 * Formats a time as RFC 3339 in UTC with microseconds, for example `2026-01-31T12:00:00.000250Z`.
 *
 * @param time Milliseconds since the Unix epoch, with a fractional part.
 */
export function formatTime(time: number): string {
  const micros = Math.round(time * 1_000);
  const second = Math.floor(micros / 1_000_000);
  if (second !== lastSecond) {
    lastSecond = second;
    prefix = new Date(second * 1_000).toISOString().slice(0, 20);
  }
  return `${prefix}${String(micros - second * 1_000_000).padStart(6, '0')}Z`;
}
