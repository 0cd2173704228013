/** A path that an action names, and where it led when the action was looked at. */
export interface Operand {
  path: string;
  real: string;
  /** What is in it matters: it is read, run or edited. Otherwise only where it leads. */
  held: boolean;
}

/** What an action runs and touches beyond its own words: an approval is bound to it (T-056; CVE-2026-88968). */
export interface Operands {
  paths: readonly Operand[];
  /** Names of programs that are looked up on the PATH. */
  programs: readonly string[];
  /** It runs programs, and so whatever the settings of the project's tools make them run. */
  runs: boolean;
}

export const NO_OPERANDS: Operands = { paths: [], programs: [], runs: false };

/**
 * What an approval is bound to beyond the words of the action, as it was found: where its paths led, what
 * was in them, which programs its names meant, and what the tools of the project would have run.
 */
export interface Binding {
  cwd: readonly [path: string, real: string];
  /** Of the agent's environment, as far as it decides what runs and where it goes. */
  environment: string;
  /** Path, where it led, and what was there; null: only where it leads matters. */
  paths: readonly (readonly [path: string, real: string, stamp: string | null])[];
  programs: readonly (readonly [name: string, found: string])[];
  /** What git and the project's tools run by their settings; null: nothing is run. */
  settings: string | null;
  /** The MCP server that is called, as it is set up; null: none is. */
  server: string | null;
}

/** More paths than anybody can be held to. */
export const MOST_PATHS = 2_000;
