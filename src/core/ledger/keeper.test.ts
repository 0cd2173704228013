import { appendFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { tempDir } from '../../../test/builders.ts';
import { type KeeperRig, keeperRig, seal } from '../../../test/keeper-rig.ts';
import { CHECKPOINT_FILE, signCheckpoint, writeCheckpoint } from './checkpoints.ts';
import { createLedgerStorage } from './storage.ts';

let rig: KeeperRig;
beforeEach(() => {
  rig = keeperRig();
});

describe('a checkpoint', () => {
  beforeEach(async () => void (await rig.keeper.verify()));

  it('is signed some seconds after the first new event, at once for what a person decides, and never for nothing', () => {
    expect(rig.signed()).toEqual([1]);
    rig.put(1);
    rig.clock.advance(14_000);
    rig.put(2);
    expect(rig.signed()).toEqual([1]);
    rig.clock.advance(1_000);
    expect(rig.signed()).toEqual([1, 3]);
    expect(rig.clock.pending()).toBe(0);
    rig.put(3, 'level.entered');
    rig.clock.advance(0);
    expect(rig.signed()).toEqual([1, 3, 4]);
    for (let n = 0; n < 1_000; n++) rig.put(n);
    rig.clock.advance(0);
    expect(rig.signed()).toEqual([1, 3, 4, 1_004]);
    rig.clock.advance(3_600_000);
    expect(rig.signed()).toHaveLength(4);
  });

  it('that cannot be written is told of, tried again, and no sign of tampering', async () => {
    rmSync(rig.folder, { recursive: true });
    writeFileSync(rig.folder, 'a file where the folder was');
    rig.put(1);
    rig.clock.advance(15_000);
    expect(rig.keeper.state().checkpointProblem).toMatch(/could not be written to .* It is tried again\.$/);
    expect(rig.problems).toHaveLength(1);
    rig.kill();
    // The file that holds the checkpoints cannot be read either: that is said, and is nobody's doing.
    rmSync(rig.folder);
    mkdirSync(rig.folder);
    writeCheckpoint(rig.folder, signCheckpoint(seal, firstMark(), 1, rig.clock.now()));
    expect(await rig.names()).toEqual([]);
    expect(rig.keeper.state()).toMatchObject({ state: 'sound', checkpointProblem: null });
    expect(rig.signed()).toEqual([1, 2]);
  });

  it('that a crash left half written, or did not note, is no sign of tampering', async () => {
    rig.put(1);
    const mark = rig.ledger.mark();
    const line = JSON.stringify(signCheckpoint(seal, mark, mark.seq, rig.clock.now()));
    appendFileSync(join(rig.folder, CHECKPOINT_FILE), line.slice(0, 100));
    rig.kill();
    expect(await rig.names()).toEqual([]);
    rig.put(2);
    writeCheckpoint(rig.folder, signCheckpoint(seal, rig.ledger.mark(), 3, rig.clock.now()));
    rig.kill();
    expect(await rig.names()).toEqual([]);
    expect(rig.signed().at(-1)).toBe(3);
  });

  it('goes to another folder when that is configured, and the old one counts until then', async () => {
    rig.put(1);
    rig.clock.advance(15_000);
    const old = rig.folder;
    rig.folder = join(tempDir('elsewhere'), 'there');
    rig.restart();
    expect(await rig.names()).toEqual([]);
    rig.put(2);
    rig.clock.advance(15_000);
    expect(rig.signed()).toEqual([3]);
    rmSync(old, { recursive: true });
    rig.restart();
    expect(await rig.names()).toEqual([]);
  });

  it('keeps its file short', () => {
    for (let n = 0; n < 900; n++) {
      rig.put(n);
      rig.clock.advance(15_000);
    }
    expect(readFileSync(join(rig.folder, CHECKPOINT_FILE)).length).toBeLessThan(270_000);
    expect(rig.signed().at(-1)).toBe(901);
    expect(existsSync(join(rig.folder, `${CHECKPOINT_FILE}.next`))).toBe(false);
  });
});

const firstMark = () => {
  const [row] = createLedgerStorage(rig.database.db).rows({ after: 0, upTo: 1, limit: 1 });
  return { seq: 1, hash: row?.[6] ?? '', mac: row?.[7] ?? '' };
};

describe('what happens by itself', () => {
  it('is no finding: a clock that jumps, a kill after any commit, an end in order', async () => {
    await rig.keeper.verify();
    rig.put(1);
    rig.clock.jump(-400 * 86_400_000);
    rig.put(2);
    rig.clock.jump(9_000 * 86_400_000);
    rig.put(3);
    rig.kill();
    expect(await rig.names()).toEqual([]);
    rig.put(4);
    rig.restart();
    expect(await rig.names()).toEqual([]);
    expect(rig.fallen).toEqual([]);
  });

  it('is nothing that stops in the middle of a look', async () => {
    rig.journal.commit(() => {
      for (let n = 0; n < 2_500; n++) rig.ledger.append({ kind: 'test.counted', subject: 'a', body: { n } });
    });
    const looked = rig.keeper.verify();
    rig.keeper.stop();
    rig.database.db.close();
    expect(await looked).toMatchObject({ state: 'checking', checkedAt: null });
    rig.openAgain();
    expect(await rig.names()).toEqual([]);
  });

  it('lets nothing be raised before the first look, and lets others run while it looks', async () => {
    expect(rig.keeper.whyNotRaise()).toMatch(/still being checked/);
    expect(rig.keeper.state()).toMatchObject({ state: 'checking', checkedAt: null });
    rig.journal.commit(() => {
      for (let n = 0; n < 4_500; n++) rig.ledger.append({ kind: 'test.counted', subject: 'a', body: { n } });
    });
    const looked = rig.keeper.verify();
    expect(rig.keeper.verify()).toBe(looked);
    await looked;
    expect(rig.breaths).toBe(4);
    expect(rig.keeper.whyNotRaise()).toBeNull();
    expect(rig.keeper.state()).toMatchObject({ state: 'sound', events: 4_501, checkedAt: rig.clock.now() });
  });
});
