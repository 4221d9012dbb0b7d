import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Files that take longer than ten seconds, mostly waiting. They would otherwise run alone at the end. */
const SLOW = [
  'defects/defects.test.ts',
  'harness/cli.test.ts',
  'harness/cli-processes.test.ts',
  'harness/run/interruptions.test.ts',
  'harness/cli-doctor.test.ts',
  'package.test.ts',
  'harness/cli-set-up.test.ts',
  'harness/workbench/lab-command.test.ts',
  'defects/upstreams.test.ts',
  'service/base/wall-clock.test.ts',
  'service/ledger/nothing-lost.test.ts',
  'service/main.test.ts',
  'harness/mcp/mcp.test.ts',
  'harness/run/secrets-of-a-run.test.ts',
  'engine/workers/workers.test.ts',
  'examples/price-service.test.ts',
  'engine/instances.test.ts',
];

const isSlow = ({ moduleId }: TestSpecification): boolean => SLOW.some((file) => moduleId.endsWith(`/test/${file}`));

/** Starts the slow files of each project first, also if no earlier run has measured the files. */
export class SlowFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    return [...sorted.filter(isSlow), ...sorted.filter((file) => !isSlow(file))];
  }
}
