// How the tests run. Those that need a server start one for themselves: FLOTILLA_BIN names the binary.
import { defineConfig } from 'vitest/config';

export default defineConfig({
  // Examples use the package by its name; here that is its sources.
  resolve: { alias: { '@flotilla/agents': new URL('src/index.ts', import.meta.url).pathname } },
  test: {
    include: ['test/**/*.test.ts'],
    environment: 'node',
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
