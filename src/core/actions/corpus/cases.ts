import type { Risk } from '../../../shared/policy.ts';

/** One line of a corpus: shell text, what it must be classed as, and the row of the table when that is lower. */
export interface Case {
  risk: Risk;
  command: string;
  /** Nobody can be asked about it. */
  deny?: boolean;
  /** Where the table of the product has it, when we class it above; a known annoyance. */
  row?: Risk;
}

/** @throws SyntaxError when a line is no JSON. */
export const casesIn = (text: string): Case[] =>
  text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Case);
