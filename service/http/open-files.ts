/** How many files and sockets the process may have open at once. */
export function openFilesMax(): number {
  // Without this, the report looks up the names of all peers.
  Object.assign(process.report, { excludeNetwork: true });
  const { userLimits } = process.report.getReport() as { userLimits?: { open_files?: { soft: number | string } } };
  const soft = Number(userLimits?.open_files?.soft);
  return Number.isFinite(soft) ? soft : Number.POSITIVE_INFINITY;
}

/** One client must not take all of them. */
const SHARE_OF_ONE = 4;
const FEWEST = 16;

/** The caps as set, the process's limit of open files, and how many of them it needs for itself. */
export interface WantedCaps {
  readonly max: number;
  readonly maxPerAddress: number | undefined;
  readonly filesMax: number;
  readonly reserved: number;
}

/**
 * Lowers the caps to what the process can open beside its own files. If it has to, one address gets at most a quarter.
 * @returns the caps, and a warning if the setting is too high
 */
export function capsThatFit({ max, maxPerAddress, filesMax, reserved }: WantedCaps) {
  const fits = Math.max(FEWEST, Math.min(max, filesMax - reserved));
  const quarter = Math.ceil(fits / SHARE_OF_ONE);
  return {
    max: fits,
    maxPerAddress: maxPerAddress === undefined ? undefined : Math.min(maxPerAddress, fits < max ? quarter : max),
    warning:
      fits < max
        ? `CONNECTIONS_MAX is ${max}, but the process may open ${filesMax} files, ${reserved} of them for itself: ${fits} connections`
        : undefined,
  };
}
