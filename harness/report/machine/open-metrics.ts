import type { Verdict } from '../../verdict/finding.ts';
import type { RunResult } from '../../verdict/run-result.ts';

const VERDICTS: Verdict[] = ['PASS', 'FAIL', 'INCONCLUSIVE'];

/** A gauge with its values. Labels are in the order in which they are written. */
interface Gauge {
  readonly name: string;
  readonly help: string;
  readonly values: readonly { readonly labels: Readonly<Record<string, string>>; readonly value: number }[];
}

/** Returns a run in the OpenMetrics text format: verdicts, check counts and durations by scenario. */
export function openMetrics(result: RunResult): string {
  const { name: run, profile, engine, scenarios } = result;
  const ofRun = (value: number) => [{ labels: { run }, value }];
  const byVerdict = scenarios.flatMap((scenario) => VERDICTS.map((verdict) => ({ scenario, verdict })));
  const gauges: Gauge[] = [
    {
      name: 'proofload_run',
      help: '1 for the verdict of the run.',
      values: VERDICTS.map((verdict) => ({
        labels: { run, verdict, profile, engine: engine.name },
        value: Number(result.verdict === verdict),
      })),
    },
    {
      name: 'proofload_run_started_timestamp_seconds',
      help: 'When the run began.',
      values: ofRun(Date.parse(result.started) / 1_000),
    },
    { name: 'proofload_run_duration_seconds', help: 'How long the run took.', values: ofRun(result.seconds) },
    {
      name: 'proofload_scenario',
      help: '1 for the verdict of a scenario.',
      values: byVerdict.map(({ scenario: { scenario, verdict: own }, verdict }) => ({
        labels: { run, scenario, verdict },
        value: Number(own === verdict),
      })),
    },
    {
      name: 'proofload_checks',
      help: 'Checks of a scenario, by verdict.',
      values: byVerdict.map(({ scenario: { scenario, findings }, verdict }) => ({
        labels: { run, scenario, verdict },
        value: findings.filter((finding) => finding.verdict === verdict).length,
      })),
    },
    {
      name: 'proofload_scenario_duration_seconds',
      help: 'How long a scenario took.',
      values: scenarios.map(({ scenario, seconds }) => ({ labels: { run, scenario }, value: seconds })),
    },
  ];
  return `${gauges.map(written).join('')}# EOF\n`;
}

function written({ name, help, values }: Gauge): string {
  const lines = values.map(({ labels, value }) => {
    const pairs = Object.entries(labels).map(([label, text]) => `${label}="${escaped(text)}"`);
    return `${name}{${pairs.join(',')}} ${value}`;
  });
  return [`# HELP ${name} ${help}`, `# TYPE ${name} gauge`, ...lines, ''].join('\n');
}

const escaped = (text: string): string => text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll('"', '\\"');
