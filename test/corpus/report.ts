import { VERDICTS, type Verdict } from './judge.ts';

/** The verdicts by script. */
export type Verdicts = ReadonlyMap<string, Verdict>;

/** Returns the number of scripts for each verdict, and the causes of those that weren't compared. */
export function tableOf(verdicts: Verdicts): string {
  const of = (wanted: string) => [...verdicts.values()].filter(({ verdict }) => verdict === wanted);
  const unsteady = [...verdicts.values()].filter((found) => found.unsteady.length > 0).length;
  const rows = [
    ['scripts', verdicts.size],
    ...VERDICTS.map((verdict) => [verdict === 'refused' ? 'refused by name' : verdict, of(verdict).length]),
    ['with unsteady values', unsteady],
  ].map(([name, count]) => `${String(count).padStart(6)}  ${name}`);
  return [
    ...rows,
    ...causes('refused by name', of('refused')),
    ...causes('both fail', of('both fail')),
    ...[...verdicts].flatMap(([script, { verdict, reasons }]) =>
      verdict === 'differ' ? ['', `differ: ${script}`, ...reasons.slice(0, 8).map((reason) => `  ${cut(reason)}`)] : [],
    ),
  ].join('\n');
}

function causes(title: string, verdicts: readonly Verdict[]): string[] {
  const groups = Map.groupBy(verdicts, ({ reasons: [reason = ''] }) => cut(withoutPaths(reason)));
  const sorted = [...groups].sort(([, a], [, b]) => b.length - a.length);
  if (sorted.length === 0) return [];
  return ['', `${title}:`, ...sorted.map(([reason, { length }]) => `${String(length).padStart(6)}  ${reason}`)];
}

const withoutPaths = (text: string): string => text.replace(/(file:\/\/)?(\/[^\s:/'"]+){2,}/g, '…');

const cut = (text: string): string => (text.length > 300 ? `${text.slice(0, 300)}…` : text).replaceAll('\n', ' ');
