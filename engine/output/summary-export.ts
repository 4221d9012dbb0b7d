import type { GroupData } from '../vu/group.ts';
import type { MetricSummary, SummaryData } from './summary-data.ts';

/** Creates the format of `--summary-export`, in which `true` is a **crossed** threshold (golden record 45). */
export function exportSummary({ metrics, root_group }: SummaryData): object {
  return {
    root_group: exportGroup(root_group),
    metrics: Object.fromEntries(Object.entries(metrics).map(([name, metric]) => [name, exportMetric(metric)])),
  };
}

function exportMetric({ type, values, thresholds }: MetricSummary): object {
  const { rate, ...others } = values;
  const crossed = Object.entries(thresholds ?? {}).map(([expression, { ok }]) => [expression, !ok]);
  return {
    ...(type === 'rate' ? { ...others, value: rate } : values),
    ...(thresholds && { thresholds: Object.fromEntries(crossed) }),
  };
}

const exportGroup = ({ groups, checks, ...group }: GroupData): object => ({
  ...group,
  groups: Object.fromEntries(groups.map((child) => [child.name, exportGroup(child)])),
  checks: Object.fromEntries(checks.map((check) => [check.name, check])),
});
