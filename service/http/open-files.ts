/** Returns how many files and sockets this process may open. */
export function openFilesMax(): number {
  // Otherwise the report resolves the host names of all peers.
  Object.assign(process.report, { excludeNetwork: true });
  const { userLimits } = process.report.getReport() as { userLimits?: { open_files?: { soft: number | string } } };
  const soft = Number(userLimits?.open_files?.soft);
  return Number.isFinite(soft) ? soft : Number.POSITIVE_INFINITY;
}

/** A single client gets at most a quarter of the connections. */
const SHARE_OF_ONE = 4;
const FEWEST = 16;

/**
 * The configured limits (`max` and `maxPerAddress`), the number of files that the process may open (`filesMax`), and
 * how many of them the service itself needs (`reserved`).
 */
export interface WantedCaps {
  readonly max: number;
  readonly maxPerAddress: number | undefined;
  readonly filesMax: number;
  readonly reserved: number;
}

/**
 * Lowers the connection limits to the number of files that the process may open. If it lowers them, a single address
 * gets at most a quarter of the connections.
 * @returns The limits, and a warning if CONNECTIONS_MAX is too high.
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
