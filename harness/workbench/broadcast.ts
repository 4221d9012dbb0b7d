import type { Response } from 'express';
import { pause } from '../base/clock.ts';
import { messageOf } from '../base/errors.ts';
import { withoutSecrets } from '../base/without-secrets.ts';
import { runList } from './run-list.ts';
import { liveTimeline, takeSnapshot } from './snapshot.ts';
import type { Workbench } from './workbench.ts';

/** How often to send a snapshot, in milliseconds. Every fourth one includes the charts. */
const INTERVAL_MS = 250;
const CHARTS_EVERY = 4;

/**
 * Maximum number of bytes that may be waiting for a slow page. If there are more, the page is disconnected, and
 * reconnects by itself.
 */
const MOST_WAITING = 4_000_000;

/** Sends the lab's state to all open pages as server-sent events, until it is disposed. */
export class Broadcast implements AsyncDisposable {
  readonly #workbench: Workbench;
  readonly #pages = new Set<Response>();
  readonly #over = new AbortController();
  readonly #telling: Promise<void>;
  #receipts = 0;
  #lines = 0;
  #runs = 0;

  constructor(workbench: Workbench) {
    this.#workbench = workbench;
    this.#telling = this.#tell();
  }

  /** Adds a page. It first receives recent data, then all changes until it is closed. */
  join(page: Response): void {
    page.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
    const { receipts, log } = this.#workbench;
    page.write(message('hello', {}));
    page.write(message('receipts', receipts.between(0, this.#receipts)));
    page.write(message('log', log.between(0, this.#lines)));
    page.write(message('runs', this.#listRuns()));
    page.write(message('charts', liveTimeline(this.#workbench)));
    this.#pages.add(page);
    page.once('close', () => this.#pages.delete(page));
  }

  async #tell(): Promise<void> {
    for (let turn = 0; !this.#over.signal.aborted; turn += 1) {
      await this.#tellOnce(turn).catch((error) => {
        this.#workbench.problem = messageOf(error);
      });
      await pause(INTERVAL_MS, this.#over.signal);
    }
  }

  async #tellOnce(turn: number): Promise<void> {
    const { receipts, log, runs } = this.#workbench;
    const newReceipts = receipts.between(this.#receipts);
    const newLines = log.between(this.#lines);
    this.#receipts = receipts.last;
    this.#lines = log.last;
    if (this.#pages.size === 0) return;
    if (newReceipts.length > 0) this.#send('receipts', newReceipts);
    if (newLines.length > 0) this.#send('log', newLines);
    const newest = runs[0]?.number ?? 0;
    if (newest !== this.#runs) this.#send('runs', this.#listRuns());
    this.#runs = newest;
    if (turn % CHARTS_EVERY === 0) this.#send('charts', liveTimeline(this.#workbench));
    this.#send('now', await takeSnapshot(this.#workbench));
  }

  #listRuns() {
    const runs = this.#workbench.runs.map(({ number, run }) => ({ number, result: run.result }));
    return { html: runList(runs).text, newest: runs[0]?.number ?? 0 };
  }

  #send(event: string, data: unknown): void {
    const text = message(event, data);
    for (const page of this.#pages) {
      if (page.writableLength > MOST_WAITING) page.destroy();
      else page.write(text);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#over.abort();
    for (const page of this.#pages) page.end();
    await this.#telling;
  }
}

const message = (event: string, data: unknown): string =>
  `event: ${event}\ndata: ${JSON.stringify(withoutSecrets(data))}\n\n`;
