import { OUTCOMES, type Outcome } from '../timeline/outcome.ts';
import type { LiveState } from './live-state.ts';

/** Lines of a frame, as wide as the terminal at most; there are always as many, so that nothing below them jumps. */
export function frame(state: LiveState, now: number, columns: number): string[] {
  const { announced, note } = state;
  const lines = announced ? scenarioLines(state, announced, now) : [state.step];
  return [...lines, ...(note === '' ? [] : [note])].map((line) => cut(line, columns - 1));
}

/** The lines of a frame with what stands out: its head, a breaker that is not closed, a check that failed, a note. */
export function styleFrame(
  lines: readonly string[],
  { breakers, checks, note }: LiveState,
  style: (style: 'bold' | 'yellow' | 'red', text: string) => string,
): string[] {
  const isTripped = [...breakers.values()].some((state) => state !== 'closed');
  return lines.map((line, index) => {
    if (index === 0) return style('bold', line);
    const isNote = note !== '' && index === lines.length - 1;
    if (isNote || (line.startsWith('  breakers') && isTripped)) return style('yellow', line);
    if (line.startsWith('  checks') && checks.FAIL > 0) return style('red', line);
    return line;
  });
}

function scenarioLines(state: LiveState, announced: NonNullable<LiveState['announced']>, now: number): string[] {
  const { scenario, index, count, expectedSeconds, ceiling } = announced;
  const elapsed = (now - state.began) / 1_000;
  const expected = expectedSeconds === undefined ? '' : ` of about ${expectedSeconds.toFixed(0)} s`;
  const rates = state.rates(now);
  const latency = state.latency(now);
  const rows = {
    phase: state.phase || 'starting',
    time: `${elapsed.toFixed(1)} s${expected}${expectedSeconds ? `  ${bar(elapsed / expectedSeconds)}` : ''}`,
    'requests/s': (Object.keys(OUTCOMES) as Outcome[])
      .map((outcome) => `${OUTCOMES[outcome].label} ${rates.get(outcome) ?? 0}`)
      .join(' · '),
    latency: latency
      ? `p50 ${milliseconds(latency.p50)} · p99 ${milliseconds(latency.p99)}`
      : 'no answer in the last 5 s',
    breakers: [...state.breakers].map(([name, to]) => `${name} ${to}`).join(' · ') || 'none',
    connections: ceiling === undefined ? `${state.connections}` : `${state.connections} of at most ${ceiling}`,
    faults: state.faults.join(' · ') || 'none',
    checks: Object.entries(state.checks)
      .map(([verdict, number]) => `${verdict} ${number}`)
      .join(' · '),
  };
  return [
    `${scenario}  (${index} of ${count})`,
    ...Object.entries(rows).map(([name, text]) => `  ${name.padEnd(12)} ${text}`),
  ];
}

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
