import { open } from 'node:fs/promises';
import { pause } from '../clock.ts';
import { sampleEvent } from './engine-samples.ts';
import type { RequestSample } from './events.ts';

/** Milliseconds between two looks at the file. */
const INTERVAL_MS = 100;

/** Reads an engine's samples while it still writes them, and hands each request on, until the signal is aborted. */
export async function followSamples(path: string, see: (sample: RequestSample) => void, over: AbortSignal) {
  let file = await open(path).catch(() => undefined);
  try {
    let rest = '';
    const decoder = new TextDecoder();
    const buffer = new Uint8Array(2 ** 16);
    while (!over.aborted) {
      file ??= await open(path).catch(() => undefined);
      const { bytesRead = 0 } = (await file?.read(buffer)) ?? {};
      const lines = (rest + decoder.decode(buffer.subarray(0, bytesRead), { stream: true })).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) {
        const event = sampleEvent(line);
        if (event?.type === 'request') see(event);
      }
      if (bytesRead < buffer.length) await pause(INTERVAL_MS, over);
    }
  } finally {
    await file?.close();
  }
}
