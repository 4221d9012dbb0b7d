import { relative } from 'node:path';
import { inProfile, type PromisePath } from '../contract/promise-path.ts';
import { readSource } from '../contract/source.ts';
import { causeDetails } from '../report/text/terminal.ts';
import { type Cause, causesOf } from '../verdict/causes.ts';
import type { Diagnosis } from '../verdict/diagnosis.ts';
import type { Finding } from '../verdict/finding.ts';

type Found = Finding & { readonly scenario: string };
type InScenario = { readonly scenario: string; readonly findings: readonly Finding[] };

/** Returns where a part of the contract stands, such as `proofload.yaml:12`. */
export type LineOf = (path: PromisePath) => string;

/** Returns a function for the places of the parts of a contract's file. */
export async function linesOf(file: string, profile: string): Promise<LineOf> {
  const { lineOf } = await readSource(file);
  return (path) => {
    const line = lineOf(inProfile(path, profile));
    return `${relative('', file)}${line === undefined ? '' : `:${line}`}`;
  };
}

/**
 * Returns what explains the checks that did not pass, most important first. Checks that follow from another one, or that
 * may follow from one in another scenario, are listed with it.
 */
export function causesIn(findings: readonly Found[]): Cause<InScenario>[] {
  const scenarios = [...Map.groupBy(findings, ({ scenario }) => scenario)].map(([scenario, of]) => ({
    scenario,
    findings: of,
  }));
  const causes = causesOf(scenarios);
  const own = causes.filter(({ mayFollow }) => !causes.some(({ title }) => title === mayFollow));
  return own.map((cause) => ({ ...cause, followers: [...cause.followers, ...consequencesOf(cause, causes)] }));
}

/** Returns the findings of all causes that may follow from a cause, directly or through others. */
function consequencesOf(
  { title }: Cause<InScenario>,
  causes: readonly Cause<InScenario>[],
): Cause<InScenario>['findings'] {
  return causes
    .filter(({ mayFollow }) => mayFollow === title)
    .flatMap((cause) => [...cause.findings, ...cause.followers, ...consequencesOf(cause, causes)]);
}

/** Formats the causes for people, each with the lines of the contract that it is about. */
export function causeTexts(causes: readonly Cause<InScenario>[], profile: string, lineOf: LineOf): string[] {
  const explained = new Set<string>();
  return causes.map((cause) => {
    const names = [...new Set(cause.findings.map(({ scenario }) => scenario.scenario))];
    const places = placesOf(cause).map(
      (path) => ['contract: ', `${lineOf(path)} (${inProfile(path, profile).join('.')})`] as const,
    );
    return causeDetails(cause, explained, [...places, ['in:       ', names.join(', ')]]).join('\n');
  });
}

/** Returns the causes as data. */
export const causesAsData = (
  causes: readonly Cause<InScenario>[],
  profile: string,
  lineOf: LineOf,
): Diagnosis['causes'] =>
  causes.map((cause) => {
    const { findings, followers, verdict, title } = cause;
    return {
      title,
      verdict,
      checks: findings.map(({ scenario, finding }) => ({ scenario: scenario.scenario, check: finding.check })),
      follow: followers.map(({ scenario, finding }) => ({ scenario: scenario.scenario, check: finding.check })),
      contract: placesOf(cause).map((path) => ({ path: [...inProfile(path, profile)], line: lineOf(path) })),
    };
  });

/** The most lines of the contract to name for a cause. */
const MOST_PLACES = 3;

/** Returns the parts of the contract that a cause is about: what would have to change, or else what was judged. */
function placesOf({ findings }: Cause<InScenario>): PromisePath[] {
  const paths = findings.flatMap(({ finding: { changes = [], promises = [] } }) =>
    [...changes.map(({ path }) => path), ...promises].slice(0, 1),
  );
  return [...new Map(paths.map((path) => [path.join('.'), path])).values()].slice(0, MOST_PLACES);
}
