import { ANY, plain } from '../atoms.ts';
import { setOf } from '../list.ts';
import type { Judge } from '../look.ts';
import { parseOptions } from '../options.ts';

const DEVICE = /^\/dev\/(?!null$|stdout$|stderr$)/u;

const judgeDd: Judge = ({ argv, ...rest }, look) => {
  const command = { argv, ...rest };
  const value = (name: string): string | undefined =>
    argv.find((word) => word.startsWith(`${name}=`))?.slice(name.length + 1);
  const [from, to] = [value('if'), value('of')];
  if (from !== undefined) look.read(from, command);
  if (to !== undefined) {
    if (DEVICE.test(to))
      look.find('critical', 'wipes_disk', `Overwrites the device ${plain(to)}.`, {
        irreversible: true,
        hardDeny: true,
      });
    look.write(to, command);
    look.find('high', 'overwrites', `Overwrites ${plain(to)} block by block.`, { irreversible: true });
  } else look.find('read', 'reads', 'Copies data to its output.');
  return { kind: 'unknown', from: 'decoder' };
};

const judgeShred: Judge = (command, look) => {
  const parsed = parseOptions(command.argv.slice(1), {
    short: 'ns',
    long: ['--iterations', '--size', '--random-source'],
  });
  for (const path of parsed.operands) {
    if (DEVICE.test(path))
      look.find('critical', 'wipes_disk', `Overwrites the device ${plain(path)}.`, {
        irreversible: true,
        hardDeny: true,
      });
    look.remove(path, command, true);
    look.find('high', 'overwrites', `Destroys ${plain(path)} so that nothing brings it back.`, { irreversible: true });
  }
  return undefined;
};

/** Ends the data of a whole disk. */
export const judgeWipe: Judge = ({ argv }, look) => {
  const words = argv.slice(1);
  const name = argv[0] ?? '';
  if (
    words.some((word) => /^(?:-l|--list|-n|--version|list|info|--help|activity)$/u.test(word)) &&
    !/mkfs|newfs/u.test(name)
  ) {
    look.find('read', 'reads', 'Shows the disks of the machine.');
    return undefined;
  }
  if (
    name === 'diskutil' &&
    !/^(?:erase|partition|reformat|zero|random|secureerase|apfs|ap|cs|corestorage|ar|appleraid)/iu.test(words[0] ?? ANY)
  )
    look.find('critical', 'system', `Changes a disk (${plain(argv.join(' ')).slice(0, 120)}).`);
  else
    look.find('critical', 'wipes_disk', `Erases a disk (${plain(argv.join(' ')).slice(0, 120)}).`, {
      irreversible: true,
      hardDeny: true,
    });
  return undefined;
};

const WIPERS = setOf(
  'mkfs mke2fs mkswap newfs newfs_apfs newfs_hfs newfs_msdos wipefs blkdiscard fdisk sfdisk gdisk sgdisk parted diskutil hdparm badblocks nvme',
);

/** `mkfs.ext4` and its like, whatever the file system. */
export const isWiper = (name: string): boolean => /^(?:mkfs|newfs|mkdosfs|mkntfs)/u.test(name);

export const diskJudges: readonly (readonly [string, Judge])[] = [
  ['dd', judgeDd],
  ['shred', judgeShred],
  ['srm', judgeShred],
  ...[...WIPERS].map((name) => [name, judgeWipe] as const),
];
