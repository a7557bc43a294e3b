import { test } from 'vitest';
import type { RequirementId } from './requirements.ts';

/** A test that proves requirements; their ids stand in its name. */
export function verifies(ids: readonly [RequirementId, ...RequirementId[]], name: string, run: () => Promise<void> | void): void {
  test(`${name} [${ids.join(', ')}]`, run);
}
