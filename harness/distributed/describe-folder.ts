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
      ? 'The script has no thresholds, so a run has no verdict.'
      : `Each instance has only a part of the samples, so it can't judge a count or a percentile of the whole test. The instances
therefore judge nothing, and \`abortOnFail\` has no effect. \`gather\` judges these thresholds, using all samples:

${thresholds.map((threshold) => `- \`${threshold}\``).join('\n')}`;
  const all = Array.from({ length: instances }, (_, index) => index + 1);
  return `# ${name}, in ${instances} part${instances === 1 ? '' : 's'}

\`${SCRIPT}\` is the script with everything that it imports. The instances share the test: each VU, iteration and arrival
belongs to one of them. Each instance runs \`setup()\` and \`teardown()\`. \`handleSummary()\` is not called.

## On Kubernetes, with k6-operator

\`\`\`sh
kubectl apply -f kubernetes.yaml
kubectl wait --for=jsonpath='{.status.stage}'=finished testrun/${name} --timeout=24h
${all.map((part) => `kubectl logs job/${name}-${part} > samples-${part}.json`).join('\n')}
\`\`\`

A node may truncate a pod's log at some size, often 10 MiB. \`gather\` detects that. For longer tests, replace
\`--out=json=-\` with a volume or with an output such as Prometheus.

## On plain machines

Copy the folder to each machine. Then run these commands, one per machine, at the same time. Set \`START_AT\` to a common
start time.

\`\`\`sh
${all.map((part) => `./run-part.sh ${part}`).join('\n')}
\`\`\`

To use the embedded engine, run \`K6="npx proofload" ./run-part.sh 1\`, for example.

## Thresholds

${judged}

\`\`\`sh
npx proofload gather . ${all.map((part) => `samples-${part}.json`).join(' ')}
\`\`\`

A rate per second is the average from the first sample to the last one. A threshold without samples does not pass.
`;
}
