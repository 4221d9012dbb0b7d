#!/usr/bin/env node
if (Number.parseInt(process.versions.node, 10) < 24) {
  console.error(`USAGE: this is Node ${process.versions.node}; proofload needs 24 or newer`);
  process.exit(2);
}

const HOOK = new URL('strip-types.js', import.meta.url).href;

// The lab's processes (fakes, database, engine, reaper) are TypeScript as well, and inherit this.
process.env.NODE_OPTIONS = `${process.env.NODE_OPTIONS ?? ''} --import=${HOOK}`.trim();
await import(HOOK);
await import('../harness/cli.ts');
