import { about } from '../../base/in-words.ts';
import { shown } from '../../base/print.ts';
import { OUTCOMES, type Outcome } from '../timeline/outcome.ts';
import type { LiveState } from './live-state.ts';
import type { ScenarioState } from './scenario-state.ts';

/**
 * Lines of a frame, none wider than the terminal. For as long as the same scenarios run there are as many, so that nothing
 * below them jumps: all that is known of one, and the most important of each of several.
 */
export function frame(state: LiveState, now: number, columns: number): string[] {
  const { running, note, step } = state;
  const [first, ...others] = running;
  const lines = first ? [...scenarios(first, others, now), row('checks', checks(state))] : [step];
  return [...lines, ...(note === '' ? [] : [note])].map((line) => cut(shown(line), columns - 1));
}

/** The lines of a frame with what stands out: its head, names of scenarios, a breaker that is not closed, a check that failed, a note. */
export function styleFrame(
  lines: readonly string[],
  { running, checks: counted, note }: LiveState,
  style: (style: 'bold' | 'yellow' | 'red', text: string) => string,
): string[] {
  const isTripped = running.some(({ breakers }) => [...breakers.values()].some((state) => state !== 'closed'));
  return lines.map((line, index) => {
    if (index === 0) return style('bold', line);
    if (note !== '' && index === lines.length - 1) return style('yellow', line);
    if (!line.startsWith(' ')) return style('bold', line);
    if (line.startsWith('  breakers') && isTripped) return style('yellow', line);
    if (line.startsWith('  checks') && counted.FAIL > 0) return style('red', line);
    return line;
  });
}

function scenarios(first: ScenarioState, others: ScenarioState[], now: number): string[] {
  const whole = others.length === 0;
  return [first, ...others].flatMap((scenario) => {
    const rows = { ...essentials(scenario, now), ...(whole && details(scenario, now)) };
    const { scenario: name, index, count } = scenario.announced;
    return [`${name}  (${index} of ${count})`, ...Object.entries(rows).map(([title, text]) => row(title, text))];
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

const checks = (state: LiveState): string =>
  Object.entries(state.checks)
    .map(([verdict, number]) => `${verdict} ${number}`)
    .join(' · ');

const milliseconds = (value: number): string => (value < 10 ? `${value.toFixed(1)} ms` : `${value.toFixed(0)} ms`);

/** How much is done; a scenario may take longer than the last time, and is not done for that. */
function bar(part: number): string {
  const done = Math.round(Math.min(part, 1) * 20);
  return '█'.repeat(done).concat('░'.repeat(20 - done));
}

function cut(line: string, width: number): string {
  const characters = [...line];
  return characters.length <= width ? line : `${characters.slice(0, Math.max(0, width - 1)).join('')}…`;
}
