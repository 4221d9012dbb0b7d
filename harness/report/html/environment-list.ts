import { describeNoise } from '../../machine/noise-floor.ts';
import type { RunResult } from '../../verdict/run-result.ts';
import { type Markup, markup } from '../text/markup.ts';

/** Lists a run's versions, machine, commit and settings. */
export function environmentList({ environment, engine, postgres, profile, seed, service }: RunResult): Markup {
  const { proofload, node, os, cpus, memoryBytes, commit, noise } = environment;
  const rows = {
    Service: service,
    Profile: profile,
    Seed: seed,
    Engine: `${engine.name}: ${engine.version}`,
    Database: postgres,
    'git commit': commit ? `${commit.id.slice(0, 12)}${commit.changed ? ', with changes' : ''}` : 'none',
    proofload,
    Node: node,
    Machine: `${os}, ${cpus} cores, ${(memoryBytes / 2 ** 30).toFixed(1)} GiB`,
    ...(noise && { Noise: describeNoise(noise) }),
  };
  const items = Object.entries(rows).map(
    ([name, value]) => markup`<div><dt class="label">${name}</dt><dd>${value}</dd></div>`,
  );
  return markup`<dl class="environment">${items}</dl>`;
}
