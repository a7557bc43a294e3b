import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['src/**/*.test.ts', 'test/**/*.test.ts'],
    globalSetup: ['test/fixtures/whatsmeow-build.ts'],
    // Linking a real client takes several round trips and, for a phone code, a slow key derivation.
    testTimeout: 40_000,
    hookTimeout: 20_000,
  },
});
