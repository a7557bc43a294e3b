import { test } from 'vitest';

/** A test that proves a tool; all-tools.test.ts holds the tools that are cited so and those that are offered equal. */
export function tool(name: string, what: string, run: () => Promise<void> | void): void {
  test(`${name}: ${what}`, run);
}
