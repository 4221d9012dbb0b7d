import { appendEnd } from './end-mark.ts';
import { RUN_LABEL, samplesFile } from './names.ts';

/** How long to wait for images and nodes, in seconds, in addition to the duration of the test. */
const PATIENCE = 1_200;

/**
 * Returns a shell script that runs a test on Kubernetes and saves the samples of each part, with how its container
 * ended.
 *
 * It uses `kubectl create`, for two reasons. It fails if the run exists already, so it can't read the logs of an earlier
 * run. And unlike `kubectl apply`, it doesn't limit the size of a document to 262,144 bytes.
 *
 * @param test.name The name of the run's objects.
 * @param test.run The run's id.
 * @param test.documents The documents, in the order in which to create them.
 * @param test.seconds The longest duration of the test.
 */
export function kubernetesScript(test: {
  readonly name: string;
  readonly run: string;
  readonly instances: number;
  readonly documents: readonly string[];
  readonly seconds: number;
}): string {
  const { name, run, instances, documents, seconds } = test;
  return `#!/bin/sh
# Runs the test on Kubernetes with k6-operator, and saves the samples of its ${instances} parts here.
#   KUBECTL  the command to use (kubectl), for example "kubectl --namespace load"
#   TIMEOUT  seconds after which to give up (${Math.ceil(seconds) + PATIENCE})
#   KEEP     set it to keep the run's objects. Otherwise, they are deleted if all samples are saved, and after TIMEOUT
# Ends with 0 if k6 ended with 0 in all parts, and otherwise with 1.
set -eu
cd "$(dirname "$0")"
${appendEnd(run)}

name=${name} label=${RUN_LABEL}=${run} parts=${instances}
: "\${KUBECTL:=kubectl}"
limit=--request-timeout=30s
deadline=$(($(date +%s) + \${TIMEOUT:-${Math.ceil(seconds) + PATIENCE}}))
say() { echo "$(date +%H:%M:%S) $*" >&2; }
delete="$KUBECTL delete testrun,configmap,secret -l $label"
created=
delete_created() {
  for document in $created; do $KUBECTL delete -f "$document" --ignore-not-found >&2; done
}
# Waits so that a signal is handled at once.
pause() { sleep "\${POLL:-5}" & wait $! || :; }

trap 'say "Stopping the test"; delete_created; exit 130' INT TERM HUP
for document in ${documents.join(' ')}; do
  if ! $KUBECTL create -f "$document" >&2; then
    delete_created
    say "$document could not be created, so the test was not started. If it exists, this run was started before, and new"
    say "samples could not be told from the old ones. Write a new run with 'proofload distribute', or delete the old one:"
    say "$delete"
    exit 1
  fi
  created="$created $document"
done
for part in $(seq "$parts"); do rm -f "${samplesFile('$part')}"; done

# Waits until the operator has finished, or can't finish any more.
stage= failures=0 why=
while [ -z "$why" ]; do
  before=$stage
  if stage=$($KUBECTL get testrun "$name" -o 'jsonpath={.status.stage}' $limit) &&
    jobs=$($KUBECTL get jobs -l "k6_cr=$name" -o 'jsonpath={range .items[*]}{.metadata.name},{.status.active},{.status.failed}{"\\n"}{end}' $limit)
  then
    failures=0
  else
    failures=$((failures + 1)) stage=unknown jobs=
  fi
  [ "$stage" = "$before" ] || say "stage: \${stage:-none yet}"
  failed= active=
  while IFS=, read -r job running broken; do
    case "$broken" in '' | 0) ;; *) failed="$failed $job" ;; esac
    case "$running" in '' | 0) ;; *) active="$active $job" ;; esac
  done <<END
$jobs
END
  case "$stage" in
  finished | stopped) why=done ;;
  error) why="the operator reports an error: see $KUBECTL logs -l k6_cr=$name" ;;
  started) [ -z "$failed" ] || [ -n "$active" ] || why="these Jobs failed:$failed" ;;
  # The operator starts the test only when all Jobs are ready, so now it never will.
  *) [ -z "$failed" ] || why="these Jobs failed:$failed" ;;
  esac
  case "$failed" in *"$name-initializer"* | *"$name-starter"*) why="these Jobs failed:$failed" ;; esac
  [ "$failures" -lt 12 ] || why="$KUBECTL can't read the state of the test"
  [ "$(date +%s)" -lt "$deadline" ] || [ -n "$why" ] || why=late
  [ -n "$why" ] || pause
done
case "$why" in
done) [ -z "$failed" ] || say "These Jobs failed:$failed" ;;
late) say "The test did not finish: it took too long" ;;
*) say "The test did not finish: $why" ;;
esac

# Saves a part's log, and then how its container ended. Without either, gather does not trust the samples.
save_part() {
  file=${samplesFile('$1')} code=-1 reason=
  pods=$($KUBECTL get pods -l "job-name=$name-$1,$label" -o 'jsonpath={range .items[*]}{.metadata.name},{range .status.containerStatuses[?(@.name=="k6")]}{.state.terminated.exitCode},{.state.terminated.reason},{.restartCount}{end}{"\\n"}{end}' $limit) || pods=
  pod=\${pods%%,*}
  case "$pods" in
  '') say "part $1: it has no pod"; return 1 ;;
  *"
"*) say "part $1: it has several pods"; reason=SeveralPods ;;
  *)
    IFS=, read -r pod exit reason restarts <<END
$pods
END
    case "$restarts" in '' | 0) code=\${exit:--1} reason=\${reason:-NotEnded} ;; *) reason=Restarted ;; esac
    ;;
  esac
  if ! $KUBECTL logs "$pod" -c k6 > "$file"; then
    say "part $1: the log of $pod can't be read"
    return 1
  fi
  append_end "$file" "$1" "$code" "$reason" || return 1
  say "part $1: $file, exit code $code, $reason"
  [ "$code" = 0 ]
}

ended=0
for part in $(seq "$parts"); do save_part "$part" || ended=1; done
trap - INT TERM HUP
# A test that did not end in time must not go on without anybody looking.
[ "$why" != late ] || ended=late
if [ "$ended" != 1 ] && [ -z "\${KEEP:-}" ]; then
  delete_created || say "The run's objects could not be deleted: $delete"
else
  say "The run's objects, with the variables in a Secret, are kept. To delete them:"
  say "$delete"
fi
say "Judge the samples with: npx proofload gather $PWD"
[ "$ended" = 0 ]
`;
}
