import { existsSync, globSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * THIRD_PARTY_NOTICES.md: whose work is given out with the app, under which licence, in its own words.
 * `node scripts/notices.ts` writes it anew; a test fails when it is stale or a licence is not allowed.
 */

/** Licences under which others' work may be given out with ours, with no more than their text. */
export const ALLOWED: ReadonlySet<string> = new Set([
  'MIT',
  'ISC',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'Apache-2.0',
  '0BSD',
  'BlueOak-1.0.0',
  // Of argparse, which came from Python: permissive, asks for its text alone.
  'Python-2.0',
]);

const root = join(import.meta.dirname, '..');
/** What the bundler puts into the screens without an import of ours: its reset of styles. */
const IN_THE_STYLES = ['tailwindcss'];

interface Locked {
  version?: string;
  license?: string;
  optional?: boolean;
  dependencies?: Record<string, string>;
}

export interface Notice {
  name: string;
  version: string;
  licence: string;
  text: string;
  /** As the package names them; null: it does not. */
  author: string | null;
}

const lock = (): Record<string, Locked> =>
  (JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as { packages: Record<string, Locked> }).packages;

/** Where a package that lies at `from` finds another, as Node looks for it. */
function pathTo(packages: Record<string, Locked>, from: string, name: string): string | null {
  for (let at = from; ; at = at.slice(0, Math.max(0, at.lastIndexOf('node_modules/') - 1))) {
    const path = `${at && `${at}/`}node_modules/${name}`;
    if (packages[path]) return path;
    if (at === '') return null;
  }
}

/** The packages that the screens, and what they share with the rest, import; the bundler puts them into the build. */
function importedByScreens(): string[] {
  const names = new Set<string>(IN_THE_STYLES);
  for (const file of globSync('src/{renderer,shared}/**/*.{ts,tsx}', { cwd: root })) {
    if (file.endsWith('.test.ts')) continue;
    for (const [, from = ''] of readFileSync(join(root, file), 'utf8').matchAll(
      /\bfrom '([^'.][^']*)'|\bimport\('([^'.][^']*)'\)/g,
    )) {
      const parts = from.split('/');
      if (from !== '' && !from.startsWith('node:')) names.add(parts.slice(0, from.startsWith('@') ? 2 : 1).join('/'));
    }
  }
  return [...names];
}

function textOf(path: string): string {
  const folder = join(root, path);
  const file = existsSync(folder)
    ? readdirSync(folder)
        .toSorted()
        .find((name) => /^(licen[cs]e|copying)(\.(md|txt|mit))?$/i.test(name))
    : undefined;
  return file === undefined ? '' : readFileSync(join(folder, file), 'utf8').replaceAll('\r\n', '\n').trim();
}

function authorOf(path: string): string | null {
  const file = join(root, path, 'package.json');
  const { author } = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {};
  return typeof author === 'string' ? author : typeof author?.name === 'string' ? author.name : null;
}

/** Everything that is given out with the app, by name. Binaries of Node for `npm start` are not. */
export function notices(): Notice[] {
  const packages = lock();
  const ours = Object.keys(packages['']?.dependencies ?? {});
  const seen = new Set<string>();
  const queue = [...ours, ...importedByScreens()].map((name) => pathTo(packages, '', name));
  for (let path = queue.pop(); path !== undefined; path = queue.pop()) {
    if (path === null || seen.has(path) || packages[path]?.optional) continue;
    seen.add(path);
    for (const name of Object.keys(packages[path]?.dependencies ?? {})) queue.push(pathTo(packages, path, name));
  }
  return [...seen]
    .map((path) => ({
      name: path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length),
      version: packages[path]?.version ?? '',
      licence: packages[path]?.license ?? 'unknown',
      text: textOf(path),
      author: authorOf(path),
    }))
    .toSorted((a, b) => (`${a.name}@${a.version}` < `${b.name}@${b.version}` ? -1 : 1));
}

export function noticesText(all: readonly Notice[]): string {
  const parts = all.map(({ name, version, licence, text, author }) => {
    const words =
      text === ''
        ? `By ${author ?? 'its authors'}. It comes without a text of its licence.`
        : `\`\`\`text\n${text}\n\`\`\``;
    return `## ${name} ${version}\n\nLicence: ${licence}\n\n${words}\n`;
  });
  const head = [
    '# Third-party notices',
    '',
    'Tenure is given out with the work of others, listed here with their licences. Electron comes with its own',
    'notices, and with those of Chromium, beside the program (`LICENSE.electron.txt`, `LICENSES.chromium.html`).',
    'Written by `node scripts/notices.ts`.',
    '',
  ];
  return `${head.join('\n')}\n${parts.join('\n')}`;
}

if (import.meta.main) writeFileSync(join(root, 'THIRD_PARTY_NOTICES.md'), noticesText(notices()));
