import type { ChangedFile } from '../../../shared/contract/evidence.ts';

/** A line of a change, with its number on its side. */
export interface PatchedLine {
  text: string;
  line: number;
}

/** A changed file with what changed in it. */
export interface Patched extends ChangedFile {
  /** Where it was before; null unless it was renamed. */
  from: string | null;
  added: PatchedLine[];
  removed: PatchedLine[];
  /** The change as a unified diff, bounded; '' for a binary file or one that was not read. */
  text: string;
  /** Not all of it was read. */
  cut: boolean;
}
