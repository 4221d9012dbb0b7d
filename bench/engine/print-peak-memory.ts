/** Preloaded into a process of Node: at its end it prints the most memory that was resident, in bytes. */
process.on('exit', () => process.stdout.write(String(process.resourceUsage().maxRSS * 1_024)));
