/** Returns the maximum number of open files and sockets of this process. */
export function openFilesMax(): number {
  // Without this, the report resolves the host names of all peers.
  Object.assign(process.report, { excludeNetwork: true });
  const { userLimits } = process.report.getReport() as { userLimits?: { open_files?: { soft: number | string } } };
  const soft = Number(userLimits?.open_files?.soft);
  return Number.isFinite(soft) ? soft : Number.POSITIVE_INFINITY;
}

/** One client gets at most 1/4 of the connections. */
const SHARE_OF_ONE = 4;
const FEWEST = 16;

/**
 * The configured limits, the process's maximum of open files (`filesMax`), and the number that the service needs itself
 * (`reserved`).
 */
export interface WantedCaps {
  readonly max: number;
  readonly maxPerAddress: number | undefined;
  readonly filesMax: number;
  readonly reserved: number;
}

/**
 * Lowers the connection limits to the number of files that the process may open. If it does, one address gets at most a
 * quarter of the connections.
 * @returns the limits, and a warning if CONNECTIONS_MAX is too high
 */
export function capsThatFit({ max, maxPerAddress, filesMax, reserved }: WantedCaps) {
  const fits = Math.max(FEWEST, Math.min(max, filesMax - reserved));
  const quarter = Math.ceil(fits / SHARE_OF_ONE);
  return {
    max: fits,
    maxPerAddress: maxPerAddress === undefined ? undefined : Math.min(maxPerAddress, fits < max ? quarter : max),
    warning:
      fits < max
        ? `CONNECTIONS_MAX is ${max}, but the process may open only ${filesMax} files and needs ${reserved} itself: using ${fits} connections`
        : undefined,
  };
}
