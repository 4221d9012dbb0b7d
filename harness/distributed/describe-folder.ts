import { SCRIPT } from './kubernetes-documents.ts';

/** Returns the README for a distributed test. It explains how to run the test from its folder and how to judge it. */
export function describeFolder(test: {
  readonly name: string;
  readonly instances: number;
  readonly thresholds: readonly string[];
}): string {
  const { name, instances, thresholds } = test;
  const judged =
    thresholds.length === 0
      ? 'The script has no thresholds, so that nothing says whether a run is good.'
      : `Each instance sees a part of the samples only: a bound on a count would be crossed by all of them, and a percentile of a
part is none of the test. So instances judge nothing, \`abortOnFail\` ends nothing, and these are judged over all samples at once:

${thresholds.map((threshold) => `- \`${threshold}\``).join('\n')}`;
  const all = Array.from({ length: instances }, (_, index) => index + 1);
  return `# ${name}, in ${instances} part${instances === 1 ? '' : 's'}

\`${SCRIPT}\` is the script with all that it imports. Instances together do what one would do alone: each VU, iteration and arrival
is one instance's. Each runs \`setup()\` and \`teardown()\` by itself, and \`handleSummary()\` is not called.

## On Kubernetes, by k6-operator

\`\`\`sh
kubectl apply -f kubernetes.yaml
kubectl wait --for=jsonpath='{.status.stage}'=finished testrun/${name} --timeout=24h
${all.map((part) => `kubectl logs job/${name}-${part} > samples-${part}.json`).join('\n')}
\`\`\`

A pod's log may be cut by the node beyond some size (often 10 MiB): \`gather\` says so where it is. Longer tests need a volume, or an
output such as Prometheus, in place of \`--out=json=-\`.

## On plain machines

Copy the folder to each, and run there, at the same time (\`START_AT\` helps):

\`\`\`sh
${all.map((part) => `./run-part.sh ${part}`).join('\n')}
\`\`\`

With the embedded engine: \`K6="npx proofload" ./run-part.sh 1\`.

## Thresholds

${judged}

\`\`\`sh
proofload gather . ${all.map((part) => `samples-${part}.json`).join(' ')}
\`\`\`

A rate per second is of the time from the first sample of all to the last. One without samples is no pass.
`;
}
