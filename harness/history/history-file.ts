import { createHash, type Hash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { z } from 'zod';
import { jsonIn } from '../../faults/base/json-in.ts';
import { openFile } from '../../faults/base/read-text.ts';
import { routeOf } from '../../faults/receipts/receipt.ts';
import { visible } from '../base/controls.ts';
import { messageOf, ProofloadError } from '../base/errors.ts';
import { secrets } from '../base/secrets.ts';
import { jsonWithoutSecrets, withoutSecrets } from '../base/without-secrets.ts';
import { written } from '../base/written.ts';
import { historyEvent, type RequestReceipt } from './events.ts';
import { type HistoryHeader, historyHeader, VERSION } from './header.ts';
import { History } from './history.ts';

const footer = z.strictObject({
  type: z.literal('footer'),
  /** Number of events between the header and the footer. */
  events: z.int().nonnegative(),
  /** When the scenario ended, in milliseconds since the epoch. */
  ended: z.number(),
  /** Hash of everything before this field, including the beginning of the line. */
  sha256: z.string(),
});

/** A complete history. */
export interface RecordedHistory {
  header: HistoryHeader;
  history: History;
  ended: number;
}

/**
 * Writes a history as NDJSON (one JSON object per line): the header, the events sorted by time, and a footer with the
 * number of events and a hash, which reveals whether the file was truncated or altered. Secrets are removed.
 *
 * @throws ProofloadError RESULTS_NOT_WRITTEN
 */
export async function writeHistory(path: string, { header, history, ended }: RecordedHistory): Promise<void> {
  const hash = createHash('sha256');
  function* lines() {
    let events = -1;
    for (const entry of [withoutSecretsOf(header), ...history.inOrder()]) {
      const line = `${events < 0 ? visible(JSON.stringify(entry)) : jsonWithoutSecrets(withoutRoute(entry))}\n`;
      hash.update(line);
      events += 1;
      yield line;
    }
    yield `${JSON.stringify(sealed(hash, { type: 'footer', events, ended }))}\n`;
  }
  await written(path, pipeline(Readable.from(lines()), createWriteStream(path)));
}

/** Leaves out the route of a receipt if its method and path say it: receipts are much of a history. */
function withoutRoute<Entry extends object>(entry: Entry): object {
  const { method, path, route, ...others } = entry as Partial<RequestReceipt>;
  if (method === undefined || path === undefined || routeOf(method, path) !== route) return entry;
  return { ...others, method, path };
}

function withRoute(receipt: Partial<RequestReceipt>): object {
  const { kind, method, path, route } = receipt;
  const isLeftOut = kind === 'request' && route === undefined;
  return isLeftOut ? { ...receipt, route: routeOf(String(method), String(path)) } : receipt;
}

/** Removes secrets from the header fields that may contain some. The contract is left unchanged: see `hideSettings`. */
const withoutSecretsOf = (header: HistoryHeader): HistoryHeader => ({
  ...header,
  again: secrets.redact(header.again),
  engine: withoutSecrets(header.engine),
});

function sealed(hash: Hash, end: Omit<z.output<typeof footer>, 'sha256'>): z.output<typeof footer> {
  return { ...end, sha256: hash.update(JSON.stringify(end)).digest('hex') };
}

/**
 * Reads a history that was written by `writeHistory`.
 *
 * @throws ProofloadError HISTORY_INVALID if the file is not a history, has a different version, is truncated, or was
 * altered
 */
export async function readHistory(path: string): Promise<RecordedHistory> {
  const invalid = (why: string) => new ProofloadError('HISTORY_INVALID', `${path}: ${why}`);
  const hash = createHash('sha256');
  const history = new History();
  let header: HistoryHeader | undefined;
  let end: z.output<typeof footer> | undefined;
  let number = 0;
  const as = <T extends z.ZodType>(schema: T, value: unknown): z.output<T> => {
    // To compile the schemas takes 20 ms, and does not even make a long history faster to read.
    const parsed = schema.safeParse(value, { jitless: true });
    if (parsed.success) return parsed.data;
    throw invalid(`line ${number} is not a valid entry:\n${z.prettifyError(parsed.error)}`);
  };
  for await (const line of linesOf(path, invalid)) {
    number += 1;
    if (end) throw invalid(`line ${number} comes after the footer`);
    const value = jsonIn(line);
    if (value === undefined) throw invalid(`line ${number} is not JSON; the file is damaged or not a history`);
    const type = typeOf(value);
    if (!header) {
      if (type !== 'header') throw invalid('it does not begin with the header of a proofload history');
      const { version } = value as { version?: unknown };
      if (version !== VERSION) throw invalid(`its version is ${version}; allowed: ${VERSION}`);
      header = as(historyHeader, value);
    } else if (type === 'footer') {
      end = as(footer, value);
      const { sha256, ...rest } = end;
      if (rest.events !== number - 2) throw invalid(`it has ${number - 2} of ${rest.events} events; lines are missing`);
      if (sealed(hash, rest).sha256 !== sha256) throw invalid('it was altered after it was written');
      continue;
    } else history.add(as(historyEvent, type === 'receipt' ? withRoute(Object(value)) : value));
    hash.update(`${line}\n`);
  }
  if (!header) throw invalid('it is empty');
  if (!end) throw invalid('it has no footer; it was truncated, or the run was killed');
  return { header, history, ended: end.ended };
}

async function* linesOf(path: string, invalid: (why: string) => ProofloadError): AsyncGenerator<string> {
  try {
    const stream = (await openFile(path)).createReadStream({ encoding: 'utf8' });
    yield* createInterface({ input: stream, crlfDelay: Number.POSITIVE_INFINITY });
  } catch (error) {
    throw error instanceof ProofloadError ? error : invalid(`it can't be read: ${messageOf(error)}`);
  }
}

const typeOf = (value: unknown): unknown =>
  typeof value === 'object' && value !== null && 'type' in value ? value.type : undefined;
