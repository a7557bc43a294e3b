import { defineConfig } from 'vitest/config';

/** Unit and black-box tests of one workspace. */
const unit = (name: string, folder: string) => ({
  extends: true as const,
  test: { name, include: [`${folder}/**/*.test.ts`], sequence: { groupOrder: 0 } },
});

export default defineConfig({
  test: {
    pool: 'forks',
    maxWorkers: 2,
    // Real key pairs, SQLite with fsync and child processes on a small machine.
    testTimeout: 30_000,
    hookTimeout: 60_000,
    slowTestThreshold: 5_000,
    exclude: ['**/node_modules/**'],
    projects: [
      unit('scripts', 'scripts'),
      unit('contract', 'bridges/contract'),
      unit('baileys', 'bridges/baileys'),
      unit('orchestrator', 'orchestrator'),
      // Builds a Go client first.
      './simulator/vitest.config.ts',
      {
        extends: true,
        // Each file starts the whole system: one at a time, after the others.
        test: { name: 'e2e', include: ['test/**/*.test.ts'], maxWorkers: 1, testTimeout: 180_000, hookTimeout: 180_000, sequence: { groupOrder: 1 } },
      },
    ],
  },
});
