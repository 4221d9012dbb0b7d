/** Preload this module into a Node process to print its peak resident memory in bytes on exit. */
process.on('exit', () => process.stdout.write(String(process.resourceUsage().maxRSS * 1_024)));
