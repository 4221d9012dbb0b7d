import { z } from 'zod';

/** The last line of an instance's samples, which is appended after k6 has ended. */
export const endMark = z.object({
  type: z.literal('End'),
  run: z.string(),
  part: z.int(),
  /** How k6 ended. -1 if that is not known. */
  exit: z.int(),
  /** In Kubernetes, the reason that the container's state has, such as `Completed` or `OOMKilled`. */
  reason: z.string().exactOptional(),
  /** The number, bytes and POSIX checksum of all lines before. */
  lines: z.int(),
  bytes: z.int(),
  checksum: z.int(),
});

export type EndMark = z.output<typeof endMark>;

/**
 * Returns a shell function that appends an end mark to a file: `append_end FILE PART EXIT REASON`. An empty reason is
 * omitted.
 */
export const appendEnd = (run: string): string => `append_end() {
  # k6 may have been killed in the middle of a line.
  if [ -n "$(tail -c 1 "$1")" ]; then echo >> "$1"; fi
  mark_lines=$(($(wc -l < "$1")))
  mark_reason=\${4:+"\\"reason\\":\\"$4\\","}
  cksum < "$1" | while read -r checksum bytes; do
    printf '{"type":"End","run":"${run}","part":%d,"exit":%d,%s"lines":%d,"bytes":%d,"checksum":%d}\\n' \\
      "$2" "$3" "$mark_reason" "$mark_lines" "$bytes" "$checksum"
  done >> "$1"
}`;
