/** A sample of a metric. */
export interface Sample {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/**
 * Returns all samples of a metric.
 * @param metrics Values by name and labels, as they appear in `/metrics`.
 */
export function samplesOf(metrics: ReadonlyMap<string, number>, name: string): Sample[] {
  return [...metrics].flatMap(([key, value]) => {
    if (!key.startsWith(`${name}{`)) return [];
    const labels = Object.fromEntries([...key.matchAll(/(\w+)="([^"]*)"/g)].map(([, label, text]) => [label, text]));
    return [{ labels, value }];
  });
}
