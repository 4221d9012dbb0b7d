import { PassThrough } from 'node:stream';
import { expect, test, vi } from 'vitest';
import { frame } from '../../../../harness/report/live/frame.ts';
import { LiveView } from '../../../../harness/report/live/live-view.ts';

/** Returns a terminal of this width and what has been written to it. */
function terminal(columns: number) {
  const written: string[] = [];
  const stream = Object.assign(new PassThrough(), { isTTY: true, columns, rows: 40 });
  stream.on('data', (data) => written.push(String(data)));
  return { stream: stream as unknown as NodeJS.WriteStream, written };
}

test('only redraws changed lines, removes the frame at the end, and then prints nothing more', () => {
  vi.useFakeTimers({ now: 1_000_000 });
  const { stream, written } = terminal(80);
  const view = new LiveView(stream, frame);
  view.begin({ scenario: 'chaos/a', ceiling: 5, breakers: ['llm'] });
  vi.advanceTimersByTime(100);
  expect(written.join('')).toContain('chaos/a');
  const first = written.length;
  vi.advanceTimersByTime(100);
  const again = written.slice(first).join('');
  expect(again).not.toContain('chaos/a');
  const before = written.length;
  view[Symbol.dispose]();
  expect(written.slice(before).join('')).toContain('\x1b[2K');
  const last = written.length;
  vi.advanceTimersByTime(1_000);
  expect(written).toHaveLength(last);
  vi.useRealTimers();
});

test('on a resize, it removes as many rows as the old frame takes up when wrapped', () => {
  vi.useFakeTimers();
  const { stream, written } = terminal(60);
  using view = new LiveView(stream, frame);
  view.step('x'.repeat(50));
  vi.advanceTimersByTime(100);
  const before = written.length;
  stream.columns = 20;
  stream.emit('resize');
  expect(written.slice(before).join('')).toContain('\x1b[3A');
  expect(written.slice(before).join('')).toContain(`${'x'.repeat(18)}…`);
  vi.useRealTimers();
});

test('while a scenario is running, the frame is drawn again below other output', () => {
  vi.useFakeTimers({ now: 1_000_000 });
  const { stream, written } = terminal(80);
  using view = new LiveView(stream, frame);
  const first = view.begin({ scenario: 'chaos/a', breakers: [] });
  view.begin({ scenario: 'chaos/b', breakers: [] });
  vi.advanceTimersByTime(100);
  first.ended();
  view.clear();
  const before = written.length;
  vi.advanceTimersByTime(100);
  const after = written.slice(before).join('');
  expect(after).toContain('chaos/b');
  expect(after).not.toContain('chaos/a');
  vi.useRealTimers();
});
