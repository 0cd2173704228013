import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { inflateSync } from 'node:zlib';
import { describe, expect, it, test } from 'vitest';
import { caskOf } from '../scripts/cask.ts';
import { drawAppIcon } from '../scripts/draw-app-icon.ts';
import { ALLOWED, notices, noticesText } from '../scripts/notices.ts';

const root = join(import.meta.dirname, '..');

describe('the work of others', () => {
  it('is named with its licence, as `node scripts/notices.ts` writes it', () => {
    expect(noticesText(notices()), 'run "node scripts/notices.ts"').toBe(
      readFileSync(join(root, 'THIRD_PARTY_NOTICES.md'), 'utf8'),
    );
  });

  it('is under licences that allow it, the database and the screens among it', () => {
    const all = notices();
    expect(
      all.filter(({ licence }) => !ALLOWED.has(licence)).map(({ name, licence }) => `${name}: ${licence}`),
    ).toEqual([]);
    expect(all.map(({ name }) => name)).toEqual(
      expect.arrayContaining([
        'better-sqlite3',
        'electron-updater',
        'hono',
        'react',
        'react-dom',
        'tailwindcss',
        'zod',
      ]),
    );
    expect(all.map(({ name }) => name)).not.toContain('electron-builder');
  });
});

/** The pixels of a PNG that we drew: rows without filters. */
function pixelsOf(png: Buffer): { side: number; pixels: Buffer } {
  expect(png.subarray(1, 4).toString()).toBe('PNG');
  const side = png.readUInt32BE(16);
  let at = 8;
  const data: Buffer[] = [];
  while (at < png.length) {
    const length = png.readUInt32BE(at);
    if (png.toString('latin1', at + 4, at + 8) === 'IDAT') data.push(png.subarray(at + 8, at + 8 + length));
    at += length + 12;
  }
  return { side, pixels: inflateSync(Buffer.concat(data)) };
}

/** The pictures of an .icns by their four letters. */
function picturesOf(icns: Buffer): Map<string, Buffer> {
  expect(icns.toString('latin1', 0, 4)).toBe('icns');
  expect(icns.readUInt32BE(4)).toBe(icns.length);
  const pictures = new Map<string, Buffer>();
  for (let at = 8; at < icns.length; at += icns.readUInt32BE(at + 4)) {
    pictures.set(icns.toString('latin1', at, at + 4), icns.subarray(at + 8, at + icns.readUInt32BE(at + 4)));
  }
  return pictures;
}

describe("the app's icon", () => {
  const drawn = drawAppIcon();

  it('is what its script draws', () => {
    for (const [name, bytes] of drawn) {
      const kept = readFileSync(join(root, 'resources', name));
      // Compared as pictures: another zlib packs the same pixels otherwise.
      if (name.endsWith('.png')) expect(pixelsOf(kept).pixels.equals(pixelsOf(bytes).pixels), name).toBe(true);
      else expect([...picturesOf(kept).keys()]).toEqual([...picturesOf(bytes).keys()]);
    }
    expect(globSync('icons/*.png', { cwd: join(root, 'resources') })).toHaveLength(7);
  });

  it('has every size that macOS asks for', () => {
    const sides = [...picturesOf(drawn.get('icon.icns')!)].map(([type, png]) => [type, pixelsOf(png).side]);
    expect(Object.fromEntries(sides)).toEqual({
      icp4: 16,
      ic11: 32,
      icp5: 32,
      ic12: 64,
      ic07: 128,
      ic13: 256,
      ic08: 256,
      ic14: 512,
      ic09: 512,
      ic10: 1024,
    });
  });

  it("keeps to Apple's grid: clear at the edge, filled inside, the last step of another colour", () => {
    const { side, pixels } = pixelsOf(drawn.get('icon.png')!);
    const at = (x: number, y: number): number[] => [...pixels.subarray(y * (1 + side * 4) + 1 + x * 4).subarray(0, 4)];
    expect(at(50, 512)[3]).toBe(0);
    expect(at(105, 105)[3]).toBe(0);
    expect(at(512, 130)[3]).toBe(255);
    expect(at(300, 700)).toEqual([238, 244, 240, 255]);
    expect(at(720, 400)).toEqual([255, 205, 96, 255]);
  });
});

describe('the cask', () => {
  const template = readFileSync(join(root, 'packaging/homebrew/tenure.rb.template'), 'utf8');
  const facts = {
    version: '1.2.3',
    url: 'https://example.com/releases',
    homepage: 'https://example.com',
    sha256: { arm64: 'a'.repeat(64), x64: 'b'.repeat(64) },
  };

  it('is filled in whole', () => {
    const cask = caskOf(template, facts);
    expect(cask).not.toMatch(/\{\{|\}\}/);
    expect(cask).toContain('url "https://example.com/releases/Tenure-#{version}-#{arch}.dmg"');
    expect(cask).toContain(`sha256 arm:   "${facts.sha256.arm64}",`);
    for (const stanza of ['auto_updates true', 'livecheck do', 'depends_on macos: ">= :ventura"', 'zap trash:']) {
      expect(cask).toContain(stanza);
    }
    // What the service leaves behind goes with the app; its name is the service's own.
    expect(cask).toContain('uninstall launchctl: "dev.tenure.daemon"');
    expect(cask.match(/\b(?:do|end)\b/g)).toEqual(['do', 'do', 'end', 'end']);
  });

  it('takes only addresses that are safe to fetch from, and leaves nothing open', () => {
    expect(() => caskOf(template, { ...facts, url: 'http://example.com' })).toThrow(/https/);
    expect(() => caskOf(template, { ...facts, url: 'https://example.com/#{system("x")}' })).toThrow(/https/);
    expect(() => caskOf(template, { ...facts, version: '' })).toThrow(/"version"/);
    expect(() => caskOf('{{nonsense}}', facts)).toThrow(/"nonsense"/);
  });
});

describe('the workflows', () => {
  const workflows = globSync('.github/workflows/*.yml', { cwd: root }).map((file) => ({
    file,
    text: readFileSync(join(root, file), 'utf8'),
  }));

  it('are there for Linux and for macOS', () => {
    const all = workflows.map(({ text }) => text).join('\n');
    expect(all).toMatch(/runs-on: ubuntu-/);
    expect(all).toMatch(/runs-on: macos-/);
    expect(all).toContain('npm run check');
  });

  test.each(workflows)('$file uses only what is pinned by digest, with its tag beside it', ({ text }) => {
    const uses = [...text.matchAll(/^\s*-?\s*uses:\s*(.+)$/gm)].map(([, what]) => what);
    expect(uses.length).toBeGreaterThan(0);
    for (const what of uses) expect(what).toMatch(/^[\w-]+\/[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
  });

  test.each(workflows)('$file may read and no more, and waits for nothing for ever', ({ text }) => {
    expect(text).toMatch(/^permissions:\n {2}contents: read$/m);
    expect(text).not.toMatch(/pull_request_target|write-all/);
    const jobs = text.split(/^jobs:$/m)[1]?.match(/^ {2}\w[\w-]*:$/gm) ?? [];
    expect(jobs.length).toBeGreaterThan(0);
    expect(text.match(/^ {4}timeout-minutes: \d+$/gm)).toHaveLength(jobs.length);
    // A secret is for the one step that uses it, not for everything that a job installs and runs.
    expect(text).not.toMatch(/^ {0,6}\w+: \$\{\{ secrets\./m);
    // What an event carries is text of others: never part of a command.
    expect(text).not.toMatch(/run:[^\n]*\$\{\{\s*github\.(?:event|head_ref)/);
  });
});

test('what the packer is told to take along is there', () => {
  for (const file of ['resources/entitlements.mac.plist', 'resources/icon.icns', 'LICENSE']) {
    expect(existsSync(join(root, file)), file).toBe(true);
  }
});
