import { about } from '../../base/in-words.ts';
import { shown } from '../../base/print.ts';
import { OUTCOMES, type Outcome } from '../timeline/outcome.ts';
import type { LiveState } from './live-state.ts';
import type { ScenarioState } from './scenario-state.ts';

/**
 * Returns the lines in a frame, none wider than the terminal. It shows the run's progress, and either all details of a
 * scenario that runs alone, or a brief overview if there are several. The number of lines changes only when a scenario
 * starts or ends.
 */
export function frame(state: LiveState, now: number, columns: number): string[] {
  const { running, note, step } = state;
  const [first, ...others] = running;
  const lines = first
    ? [progressLine(state, now), ...scenarios(first, others, now)]
    : [step || progressLine(state, now)];
  return [...lines, ...(note === '' ? [] : [note])].map((line) => cut(shown(line), columns - 1));
}

/** Returns a run's progress in a single line, with the scenarios that are running and their phases. */
export function oneLine(state: LiveState, now: number, columns: number): string[] {
  const { running, note, step } = state;
  const names = running.map(({ announced, phase }) => `${announced.scenario}${phase && ` (${phase})`}`);
  const isRunning = running.length > 0 || step === '';
  const line = isRunning ? [progressLine(state, now), names.join(', ')].filter(Boolean).join(': ') : step;
  return [cut(shown(note === '' ? line : `${note}; ${line}`), columns - 1)];
}

/** Adds styles to a frame's lines: names, breakers that are not closed, failed checks, and the note. */
export function styleFrame(
  lines: readonly string[],
  { running, checks, note }: LiveState,
  style: (style: 'bold' | 'yellow' | 'red', text: string) => string,
): string[] {
  const isTripped = running.some(({ breakers }) => [...breakers.values()].some((state) => state !== 'closed'));
  return lines.map((line, index) => {
    if (index === 0) return style(checks.FAIL > 0 ? 'red' : 'bold', line);
    if (note !== '' && index === lines.length - 1) return style('yellow', line);
    if (!line.startsWith(' ')) return style('bold', line);
    if (line.startsWith('  breakers') && isTripped) return style('yellow', line);
    return line;
  });
}

/** Returns, for example, `3 of 18 scenarios done, about 40 s left · 41 checks, 1 failed`. */
function progressLine(state: LiveState, now: number): string {
  const { done, count, secondsLeft } = state.progress(now);
  const { PASS, FAIL, INCONCLUSIVE } = state.checks;
  const checks = [
    `${PASS + FAIL + INCONCLUSIVE} checks`,
    ...(FAIL > 0 ? [`${FAIL} failed`] : []),
    ...(INCONCLUSIVE > 0 ? [`${INCONCLUSIVE} inconclusive`] : []),
  ];
  if (done === count && state.running.length === 0) return `${done} of ${count} done, writing the results`;
  const left = secondsLeft < 1 ? 'longer than expected' : `${about(secondsLeft)} left`;
  return `${done} of ${count} done, ${left} · ${checks.join(', ')}`;
}

function scenarios(first: ScenarioState, others: ScenarioState[], now: number): string[] {
  const isAlone = others.length === 0;
  return [first, ...others].flatMap((scenario) => {
    const rows = { ...essentials(scenario, now), ...(isAlone && details(scenario, now)) };
    return [scenario.announced.scenario, ...Object.entries(rows).map(([title, text]) => row(title, text))];
  });
}

const row = (title: string, text: string): string => `  ${title.padEnd(12)} ${text}`;

function essentials(scenario: ScenarioState, now: number): Record<string, string> {
  const { expectedSeconds } = scenario.announced;
  const elapsed = (now - scenario.began) / 1_000;
  const expected = expectedSeconds === undefined ? '' : ` of ${about(expectedSeconds)}`;
  const rates = scenario.rates(now);
  return {
    phase: scenario.phase || 'starting',
    time: `${elapsed.toFixed(1)} s${expected}${expectedSeconds ? `  ${bar(elapsed / expectedSeconds)}` : ''}`,
    'requests/s': (Object.keys(OUTCOMES) as Outcome[])
      .map((outcome) => `${OUTCOMES[outcome].label} ${rates.get(outcome) ?? 0}`)
      .join(' · '),
  };
}

function details(scenario: ScenarioState, now: number): Record<string, string> {
  const { ceiling } = scenario.announced;
  const { connections } = scenario;
  const latency = scenario.latency(now);
  return {
    latency: latency
      ? `p50 ${milliseconds(latency.p50)} · p99 ${milliseconds(latency.p99)}`
      : 'no answer in the last 5 s',
    breakers: [...scenario.breakers].map(([name, to]) => `${name} ${to}`).join(' · ') || 'none',
    connections: ceiling === undefined ? `${connections}` : `${connections} of at most ${ceiling}`,
    faults: scenario.faults.join(' · ') || 'none',
  };
}

const milliseconds = (value: number): string => (value < 10 ? `${value.toFixed(1)} ms` : `${value.toFixed(0)} ms`);

/** Returns a progress bar. It stays full if a scenario takes longer than expected. */
function bar(part: number): string {
  const done = Math.round(Math.min(part, 1) * 20);
  return '█'.repeat(done).concat('░'.repeat(20 - done));
}

function cut(line: string, width: number): string {
  const characters = [...line];
  return characters.length <= width ? line : `${characters.slice(0, Math.max(0, width - 1)).join('')}…`;
}
