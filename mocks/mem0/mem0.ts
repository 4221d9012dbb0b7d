import { steadyNow } from '../../faults/base/steady-now.ts';
import type { Route } from '../../faults/upstream/route.ts';
import type { Upstream } from '../../faults/upstream/upstream.ts';
import { addMemories, addMemoriesV1 } from './add-memories.ts';
import { batch } from './batch.ts';
import { deleteEntity, deleteMemories } from './delete-memories.ts';
import { listEntities } from './entities.ts';
import { mem0Error, mem0UnknownPath } from './errors.ts';
import { eventRoutes } from './events.ts';
import { listMemories, listMemoriesV1, listMemoriesV2 } from './list-memories.ts';
import { Mem0State } from './mem0-state.ts';
import { memoryItems } from './memory-items.ts';
import { ping } from './ping.ts';
import { searchMemories, searchMemoriesV1, searchMemoriesV2 } from './search-memories.ts';
import { type Mem0Settings, type Mem0SettingsInput, mem0Settings } from './settings.ts';

/** A Mem0 fake that can be reconfigured while it is running. */
export interface Mem0Upstream extends Upstream<Route> {
  /** The current settings. */
  readonly settings: Mem0Settings;
  /**
   * Replaces all settings (omitted ones get their defaults). Memories are kept.
   *
   * @throws ZodError
   */
  configure(settings: Mem0SettingsInput): void;
  /** Restores the initial settings and deletes all memories. */
  reset(): void;
}

/**
 * Creates a fake of api.mem0.ai. It keeps memories as long as it exists. `now` is the clock in milliseconds since the
 * epoch. The settings are documented in `mem0Settings`.
 *
 * @throws ZodError if the settings are invalid
 */
export function createMem0({
  now = steadyNow,
  ...settings
}: { now?: () => number } & Mem0SettingsInput = {}): Mem0Upstream {
  const state = new Mem0State({ now, settings: mem0Settings.parse(settings) });
  return {
    // Handlers are tried in order, so the most frequently used ones come first.
    handlers: [
      addMemories(state),
      searchMemories(state),
      listMemories(state),
      ...eventRoutes(state),
      ping(state),
      ...memoryItems(state),
      deleteMemories(state),
      listEntities(state),
      ...deleteEntity(state),
      ...batch(state),
      addMemoriesV1(state),
      searchMemoriesV1(state),
      searchMemoriesV2(state),
      listMemoriesV1(state),
      listMemoriesV2(state),
    ],
    errorResponse: (status) => mem0Error(status),
    unknownPath: mem0UnknownPath,
    get settings() {
      return state.settings;
    },
    configure: (next) => state.configure(mem0Settings.parse(next)),
    reset: () => state.reset(),
  };
}
