import tailwindcss from '@tailwindcss/vite';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'electron-vite';
import type { Plugin } from 'vite';

/**
 * Bundled, so that a start reads few files, and of each library only what is used. Not the database, whose
 * binary is looked for beside it, nor what is loaded only when somebody asks for it.
 */
const BUNDLED = [
  '@hono/node-server',
  'croner',
  'hono',
  'jsonc-parser',
  'node-cron',
  'pino',
  'pino-roll',
  'unbash',
  'zod',
];

/** Of the calendar the log's roller asks for five functions; asked for as a whole it brings a megabyte. */
const fewDates: Plugin = {
  name: 'few-dates',
  enforce: 'pre',
  resolveId: (id: string) => (id === 'date-fns' ? '\0few-dates' : null),
  load: (id: string) =>
    id === '\0few-dates'
      ? ['addDays', 'addHours', 'format', 'isValid', 'parse']
          .map((name) => `export { ${name} } from 'date-fns/${name}';`)
          .join('\n')
      : null,
};

/** Main (Electron, headless and CLI entries), preload and renderer, all into `out/`. */
export default defineConfig({
  main: {
    plugins: [fewDates],
    build: {
      externalizeDeps: { exclude: BUNDLED },
      rollupOptions: {
        input: { index: 'src/main/index.ts', headless: 'src/headless/index.ts', cli: 'src/cli/index.ts' },
        output: { entryFileNames: '[name].js', chunkFileNames: 'chunks/[name]-[hash].js' },
      },
    },
  },
  preload: {
    build: {
      externalizeDeps: false,
      rollupOptions: {
        input: 'src/preload/index.ts',
        // A sandboxed preload cannot load an ES module.
        output: { format: 'cjs', entryFileNames: '[name].cjs' },
      },
    },
  },
  renderer: {
    root: 'src/renderer',
    plugins: [react(), tailwindcss()],
    build: { minify: true, rollupOptions: { input: 'src/renderer/index.html' } },
  },
});
