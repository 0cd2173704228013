import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

/**
 * Fills the Homebrew cask of a release in: `node scripts/cask.ts --url https://… --homepage https://…` reads the
 * two images of `dist/` and writes `dist/tenure.rb`, for a tap of one's own.
 */
export interface CaskFacts {
  version: string;
  /** Where the images are served, without a slash at the end. */
  url: string;
  homepage: string;
  sha256: { arm64: string; x64: string };
}

/** @throws Error that names what is missing, or an address that is none. */
export function caskOf(template: string, { version, url, homepage, sha256 }: CaskFacts): string {
  for (const address of [url, homepage]) {
    if (URL.parse(address)?.protocol !== 'https:' || /["#\\]/.test(address)) {
      throw new Error(`A cask takes addresses of the form https://…, but got "${address}".`);
    }
  }
  const facts: Record<string, string> = { version, url, homepage, sha256_arm64: sha256.arm64, sha256_x64: sha256.x64 };
  return template.replaceAll(/\{\{(\w+)\}\}/g, (_whole, name: string) => {
    const fact = facts[name];
    if (fact === undefined || fact === '') throw new Error(`The template asks for "${name}", which is not known.`);
    return fact;
  });
}

if (import.meta.main) {
  const root = join(import.meta.dirname, '..');
  const { values } = parseArgs({ options: { url: { type: 'string' }, homepage: { type: 'string' } } });
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
  const sumOf = (arch: string): string =>
    createHash('sha256')
      .update(readFileSync(join(root, 'dist', `Tenure-${version}-${arch}.dmg`)))
      .digest('hex');
  const template = readFileSync(join(root, 'packaging/homebrew/tenure.rb.template'), 'utf8');
  const facts = { version, url: values.url ?? '', homepage: values.homepage ?? '' };
  const sha256 = { arm64: sumOf('arm64'), x64: sumOf('x64') };
  writeFileSync(join(root, 'dist', 'tenure.rb'), caskOf(template, { ...facts, sha256 }));
}
