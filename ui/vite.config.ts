// How the page is built, served while developing, and unit-tested.
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vitest/config';

/** Where `npm run dev` finds the REST interface. */
const SERVER = process.env['FLOTILLA_URL'] ?? 'http://127.0.0.1:8080';

export default defineConfig({
  plugins: [svelte()],
  build: {
    target: 'es2022',
    // The server's content policy knows no data: addresses, so nothing is inlined.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    // The layout engine is one chunk of 1.5 MB, loaded only where a specification brings no layout.
    chunkSizeWarningLimit: 1600,
  },
  server: { proxy: { '/api': SERVER } },
  test: { include: ['test/unit/**/*.test.ts'], environment: 'node' },
});
