/** A module to preload into a Node process. On exit, it prints the peak resident memory in bytes. */
process.on('exit', () => process.stdout.write(String(process.resourceUsage().maxRSS * 1_024)));
