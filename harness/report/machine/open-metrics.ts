import type { Registry as AnyRegistry, OpenMetricsContentType } from 'prom-client';
import type { Verdict } from '../../verdict/finding.ts';
import type { RunResult } from '../../verdict/run-result.ts';

const VERDICTS: Verdict[] = ['PASS', 'FAIL', 'INCONCLUSIVE'];

/** Returns a run in the OpenMetrics text format: verdicts, check counts and durations by scenario. */
export async function openMetrics(result: RunResult): Promise<string> {
  const { Gauge, Registry } = await import('prom-client');
  const registry = new Registry<OpenMetricsContentType>();
  registry.setContentType(Registry.OPENMETRICS_CONTENT_TYPE);
  const gauge = <Label extends string>(name: string, help: string, labelNames: Label[]) =>
    new Gauge({ name, help, labelNames, registers: [registry as unknown as AnyRegistry] });

  const runs = gauge('proofload_run', '1 for the verdict of the run.', ['run', 'verdict', 'profile', 'engine']);
  const started = gauge('proofload_run_started_timestamp_seconds', 'When the run began.', ['run']);
  const took = gauge('proofload_run_duration_seconds', 'How long the run took.', ['run']);
  const verdicts = gauge('proofload_scenario', '1 for the verdict of a scenario.', ['run', 'scenario', 'verdict']);
  const checks = gauge('proofload_checks', 'Checks of a scenario, by verdict.', ['run', 'scenario', 'verdict']);
  const seconds = gauge('proofload_scenario_duration_seconds', 'How long a scenario took.', ['run', 'scenario']);

  const { name: run, profile, engine } = result;
  for (const verdict of VERDICTS) {
    runs.set({ run, verdict, profile, engine: engine.name }, Number(result.verdict === verdict));
    for (const { scenario, verdict: its, findings } of result.scenarios) {
      verdicts.set({ run, scenario, verdict }, Number(its === verdict));
      checks.set({ run, scenario, verdict }, findings.filter((finding) => finding.verdict === verdict).length);
    }
  }
  started.set({ run }, Date.parse(result.started) / 1_000);
  took.set({ run }, result.seconds);
  for (const { scenario, seconds: each } of result.scenarios) seconds.set({ run, scenario }, each);
  return registry.metrics();
}
