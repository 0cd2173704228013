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

/**
 * Nothing but ASCII: the engine holds its source as long as it runs, and one character beyond Latin-1 in it
 * would take two bytes for every one. In texts and patterns an escape means the same; raw templates are ASCII.
 */
const asciiOnly: Plugin = {
  name: 'ascii-only',
  generateBundle(_options, bundle) {
    for (const chunk of Object.values(bundle)) {
      if (chunk.type !== 'chunk') continue;
      if (/String\.raw`[^`]*[^\0-\x7f]/.test(chunk.code)) this.error('A raw template may hold nothing but ASCII.');
      chunk.code = chunk.code.replace(
        /[^\0-\x7f]/g,
        (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
      );
    }
  },
};

/** Main (Electron, headless and CLI entries), preload and renderer, all into `out/`. */
export default defineConfig({
  main: {
    plugins: [fewDates, asciiOnly],
    build: {
      externalizeDeps: { exclude: BUNDLED },
      rollupOptions: {
        input: { index: 'src/main/index.ts', headless: 'src/headless/index.ts', cli: 'src/cli/index.ts' },
        output: {
          entryFileNames: '[name].js',
          chunkFileNames: 'chunks/[name]-[hash].js',
          // Names stay: an error's stack has to say something.
          minify: { compress: false, mangle: false, codegen: true },
          comments: false,
        },
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
