import { afterEach, expect, test, vi } from 'vitest';
import { frame, oneLine } from '../../../../harness/report/live/frame.ts';
import { LiveState } from '../../../../harness/report/live/live-state.ts';
import { neverSilent, plainLines, stepLines } from '../../../../harness/report/live/plain-lines.ts';
import { backgroundProgress } from '../../../../harness/report/reporters/index.ts';
import { connections, request, requests, T0, titled } from '../../../support/history.ts';

const announced = { scenario: 'chaos/llm-outage', ceiling: 5, breakers: ['llm', 'memory'] };

afterEach(() => vi.useRealTimers());

const task = (name: string, seconds: number) => ({ name, seconds, atOnce: Number.POSITIVE_INFINITY });

/** A scenario that began at T0. */
function begun(more: { expectedSeconds?: number } = {}) {
  const run = new LiveState();
  return { run, state: run.begin({ ...announced, ...more }, T0) };
}

/** Returns the frame at this many milliseconds after T0, by the names of its rows. */
const rows = (run: LiveState, after: number, columns = 120): Record<string, string> =>
  Object.fromEntries(frame(run, T0 + after, columns).map((line) => [line.slice(2, 14).trim(), line.slice(15)]));

test('shows the scenario, its phase, and the elapsed time compared with the last run', () => {
  const { run, state } = begun({ expectedSeconds: 10 });
  state.see(titled('half-open', 100, 0));
  expect(frame(run, T0 + 5_000, 120)[1]).toBe('chaos/llm-outage');
  expect(rows(run, 5_000)).toMatchObject({ phase: 'half-open', time: '5.0 s of about 10 s  ██████████░░░░░░░░░░' });
  expect(rows(run, 15_000).time).toBe('15.0 s of about 10 s  ████████████████████');
  expect(rows(begun().run, 5_000)).toMatchObject({ phase: 'starting', time: '5.0 s' });
});

test('shows the rate by outcome over the last second, and percentiles over five seconds', () => {
  const { run, state } = begun();
  for (const sample of [request(0, 90, 200, {}), ...requests(3, 3_200, 100, 503, {}), request(3_500, 450, 429, {})])
    state.request(sample);
  expect(rows(run, 4_000)).toMatchObject({
    'requests/s': '2xx, 3xx 0 · 4xx 0 · 429 rate limited 1 · 5xx 3 · no answer 0',
    latency: 'p50 100 ms · p99 450 ms',
  });
  expect(rows(run, 20_000).latency).toBe('no answer in the last 5 s');
});

test('shows breakers, connections, and active faults', () => {
  const { run, state } = begun();
  state.see({ type: 'transition', at: T0, breaker: 'llm', to: 'open', line: '' });
  state.see(connections(0, 3));
  const fault = (id: string, fields: object) =>
    state.see({ type: 'fault', at: T0, upstream: 'groq', id, asked: { ...fields } });
  fault('f1', { kind: 'latency', milliseconds: 600 });
  fault('f2', { kind: 'reset', next: 1 });
  fault('f3', { kind: 'hang', next: 1 });
  expect(rows(run, 0)).toMatchObject({
    breakers: 'llm open · memory closed',
    connections: '3 of at most 5',
    faults: 'groq latency 600 ms · groq hang (next 1)',
  });
  state.see({ type: 'fault', at: T0, upstream: 'groq', asked: { healed: 'f1' } });
  expect(rows(run, 0).faults).toBe('groq hang (next 1)');
  state.see({ type: 'fault', at: T0, upstream: 'all', asked: {} });
  expect(rows(run, 0).faults).toBe('none');
  state.see({ type: 'service', at: T0, event: 'started' });
  expect(rows(run, 0).breakers).toBe('llm closed · memory closed');
});

test('shows the progress of the run: scenarios, remaining time, and checks so far', () => {
  const { run, state } = begun({ expectedSeconds: 10 });
  run.plan = { scenarios: [task('chaos/llm-outage', 10), task('stress/identity', 20)], width: 1 };
  expect(frame(run, T0 + 4_000, 120)[0]).toBe('0 of 2 done, about 26 s left · 0 checks');
  run.end(state);
  run.judged(['PASS', 'FAIL', 'INCONCLUSIVE']);
  run.begin({ ...announced, scenario: 'stress/identity' }, T0 + 10_000);
  expect(frame(run, T0 + 15_000, 120)[0]).toBe('1 of 2 done, about 15 s left · 3 checks, 1 failed, 1 inconclusive');
});

test('a scenario that takes longer than expected has no remaining time', () => {
  const { run } = begun();
  run.plan = { scenarios: [task('chaos/llm-outage', 10)], width: 1 };
  expect(run.progress(T0 + 60_000)).toEqual({ done: 0, count: 1, secondsLeft: 0 });
});

test('resets everything except the counts when a scenario begins', () => {
  const { run, state } = begun();
  state.see(titled('open', 0, 0));
  state.see({ type: 'transition', at: T0, breaker: 'llm', to: 'open', line: '' });
  run.end(state);
  run.begin(announced, T0);
  expect(rows(run, 0)).toMatchObject({ phase: 'starting', breakers: 'llm closed · memory closed' });
});

test('one line shows the progress, the running scenarios with their phases, and a note', () => {
  const { run, state } = begun();
  run.plan = { scenarios: [task('chaos/llm-outage', 10), task('stress/identity', 20)], width: 2 };
  state.see(titled('opening', 0, 0));
  run.begin({ ...announced, scenario: 'stress/identity' }, T0);
  expect(oneLine(run, T0, 120)).toEqual([
    '0 of 2 done, about 20 s left · 0 checks: chaos/llm-outage (opening), stress/identity',
  ]);
  run.note = 'interrupted';
  const [line = ''] = oneLine(run, T0, 20);
  expect(line).toBe('interrupted; 0 of …');
});

test('always has the same number of lines, none wider than the terminal', () => {
  const { run, state } = begun({ expectedSeconds: 10 });
  const before = frame(run, T0, 40);
  state.see(titled('a phase with a very long name, longer than any terminal is wide'.repeat(3), 0, 0));
  state.request(request(0, 5, 200, {}));
  const after = frame(run, T0, 40);
  expect(after).toHaveLength(before.length);
  expect(Math.max(...after.map((line) => [...line].length))).toBe(39);
});

test('without a terminal, prints a line for each step, scenario, phase and transition, without escape codes', () => {
  const lines: string[] = [];
  using watcher = plainLines((line) => lines.push(line));
  watcher.step('bringing the lab up');
  const scenario = watcher.begin({ ...announced, expectedSeconds: 9.6 });
  scenario.see(titled('steady', 0, 0));
  scenario.see(connections(0, 3));
  scenario.see({ type: 'transition', at: T0, breaker: 'llm', to: 'open', line: '' });
  expect(lines).toEqual([
    'bringing the lab up',
    'chaos/llm-outage (about 10 s)',
    expect.stringMatching(/^ +0\.0 s {2}steady$/),
    expect.stringMatching(/^ +0\.0 s {2}breaker llm open$/),
  ]);
});

test('shows the most important lines of several concurrent scenarios, and a scenario in full once it is alone', () => {
  const { run, state } = begun();
  const other = run.begin({ ...announced, scenario: 'stress/identity' }, T0 + 1_000);
  state.see(titled('opening', 10, 0));
  other.see(titled('claims', 1_010, 0));
  const lines = frame(run, T0 + 5_000, 120);
  expect(lines.map((line) => line.trimEnd())).toEqual([
    '0 of 0 done, longer than expected · 0 checks',
    'chaos/llm-outage',
    expect.stringMatching(/^ {2}phase +opening$/),
    expect.stringMatching(/^ {2}time +5\.0 s$/),
    expect.stringMatching(/^ {2}requests\/s /),
    'stress/identity',
    expect.stringMatching(/^ {2}phase +claims$/),
    expect.stringMatching(/^ {2}time +4\.0 s$/),
    expect.stringMatching(/^ {2}requests\/s /),
  ]);
  run.end(state);
  expect(frame(run, T0 + 5_000, 120)[1]).toBe('stress/identity');
  expect(rows(run, 5_000)).toMatchObject({ faults: 'none' });
});

test('without a terminal, each line names its scenario once two scenarios have run concurrently', () => {
  const lines: string[] = [];
  using watcher = plainLines((line) => lines.push(line));
  const first = watcher.begin(announced);
  first.see(titled('steady', 0, 0));
  const second = watcher.begin({ ...announced, scenario: 'stress/identity' });
  second.see(titled('claims', 0, 0));
  first.ended();
  second.see({ type: 'transition', at: T0, breaker: 'llm', to: 'open', line: '' });
  expect(lines.map((line) => line.replace(/^ +[\d.]+ s {2}/, '> '))).toEqual([
    'chaos/llm-outage',
    '> steady',
    'stress/identity',
    '> stress/identity: claims',
    '> stress/identity: breaker llm open',
  ]);
});

test("a phase can't inject terminal commands", () => {
  const { run, state } = begun();
  state.see(titled('\u001b[2J\u202e', 100, 0));
  run.note = '\u009b31m';
  expect(rows(run, 5_000).phase).toBe('\\u001b[2J\\u202e');
  expect(frame(run, T0, 120).at(-1)).toBe('\\u009b31m');
});

test('without a terminal, says what is running whenever nothing was printed for ten seconds', () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'performance'] });
  const lines: string[] = [];
  const watcher = neverSilent(stepLines, (line) => lines.push(line));
  const after = (seconds: number) => {
    vi.advanceTimersByTime(seconds * 1_000);
    return lines.splice(0);
  };
  watcher.step('starting the lab');
  expect(after(25)).toEqual(['starting the lab', 'starting the lab', 'starting the lab']);
  watcher.plan({ scenarios: [task('chaos/llm-outage', 30), task('stress/identity', 30)], width: 1 });
  expect(after(6)).toEqual(['0 of 2 done, about 60 s left · 0 checks']);
  const scenario = watcher.begin(announced);
  scenario.see(titled('opening', 0, 0));
  expect(after(5)).toEqual([]);
  watcher.clear(); // something else is printed
  expect(after(9)).toEqual([]);
  expect(after(2)).toEqual(['0 of 2 done, about 60 s left · 0 checks: chaos/llm-outage (opening)']);
  watcher.judged(['PASS']);
  scenario.ended();
  watcher.begin({ ...announced, scenario: 'stress/identity' }).ended();
  expect(after(11)).toEqual(['2 of 2 done, writing the results']);
  watcher[Symbol.dispose]();
  expect(after(60)).toEqual([]);
});

test('a step in the background is shown only after ten seconds of silence', () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'performance'] });
  const written = vi.spyOn(console, 'error').mockReturnValue();
  const display = backgroundProgress();
  display.step('3 of 9 runs with mutants done');
  vi.advanceTimersByTime(9_000);
  expect(written).not.toHaveBeenCalled();
  display.note('stopping');
  expect(written.mock.lastCall).toEqual(['stopping']);
  vi.advanceTimersByTime(11_000);
  expect(written.mock.lastCall).toEqual(['3 of 9 runs with mutants done']);
  display[Symbol.dispose]();
  vi.restoreAllMocks();
});
