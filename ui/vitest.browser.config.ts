// Drives Chromium against a running server: `npm run test:browser`.
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/browser/**/*.test.ts'],
    environment: 'node',
    // One browser and one server at a time: the machine may have two cores.
    fileParallelism: false,
    // The tests tell one story; after a break the rest says nothing.
    bail: 1,
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
