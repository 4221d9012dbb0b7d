import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Files that take longer than some seconds, mostly waiting. They would otherwise run alone at the end. */
const SLOW = [
  'layout/additions.test.ts',
  'harness/testing/shared-lab.test.ts',
  'defects/defects.test.ts',
  'package.test.ts',
  'harness/cli.test.ts',
  'harness/cli-doctor.test.ts',
  'harness/cli-processes.test.ts',
  'harness/run/interruptions.test.ts',
  'harness/mcp/mcp.test.ts',
  'harness/cli-set-up.test.ts',
  'defects/ends.test.ts',
  'defects/upstreams.test.ts',
  'engine/run/strict.test.ts',
  'harness/gate/builds/compare-with-build.test.ts',
  'scenarios/rehearsal/rehearsal.test.ts',
  'service/main.test.ts',
  'service/ledger/nothing-lost.test.ts',
  'harness/gate/builds/call-at-once.test.ts',
  'harness/checkers/cases.test.ts',
  'service/checklist/main.test.ts',
  'harness/prove/prove.test.ts',
  'bin/release.test.ts',
  'harness/lab/postgres/embedded-postgres.test.ts',
  'action.test.ts',
  'docs/fixed-hosts.test.ts',
  'harness/gate/builds/other-build.test.ts',
  'harness/distributed/run-part.test.ts',
  'harness/gate/compare-builds.test.ts',
  'harness/lab/database-faults.test.ts',
  'faults/proxy/real-clients.test.ts',
  'docs/docs.test.ts',
  'defects/answers.test.ts',
  'engine/compile/compile-source.property.test.ts',
  'harness/run/promised.test.ts',
  'engine/instances.test.ts',
  'service/base/wall-clock.test.ts',
  'engine/conformance.test.ts',
  'service/protections/limit-stores/limit-stores.test.ts',
];

/** Returns a file's position among the slow files, or -1. */
const rank = ({ moduleId }: TestSpecification): number => SLOW.findIndex((file) => moduleId.endsWith(`/test/${file}`));

/** Starts the slow files first, in the order of the list, also if no earlier run has measured the files. */
export class SlowFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const slow = sorted.filter((file) => rank(file) >= 0).sort((a, b) => rank(a) - rank(b));
    return [...slow, ...sorted.filter((file) => rank(file) < 0)];
  }
}
