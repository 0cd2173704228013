import { bytes, count, span } from '../../../shared/format.ts';
import type { ProcessFacts } from '../../kernel/ports.ts';

interface Look {
  /** Monotonic. */
  at: number;
  facts: readonly ProcessFacts[];
}

/**
 * What is known of a silent run, a sentence each: its last tool, and whether its processes do anything.
 * @param before an earlier look, to tell the processor time since; null: there was none.
 */
export function stallEvidence(lastTool: string | null, toolRuns: boolean, before: Look | null, now: Look): string[] {
  return [toolSentence(lastTool, toolRuns), processSentence(before, now)];
}

function toolSentence(lastTool: string | null, toolRuns: boolean): string {
  if (lastTool === null) return toolRuns ? 'A tool runs.' : 'It has used no tool yet.';
  return toolRuns ? `${lastTool} runs and has not come back.` : `The last tool was ${lastTool}; none runs now.`;
}

function processSentence(before: Look | null, { at, facts }: Look): string {
  if (facts.length === 0) return 'None of its processes could be seen.';
  const memory = sum(facts.map(({ memoryBytes }) => memoryBytes));
  const holding = memory === null ? '' : ` and hold ${bytes(memory)} of memory`;
  const alive = `${count(facts.length, 'process', 'processes')} ${facts.length === 1 ? 'is' : 'are'} alive${facts.length === 1 ? holding.replace('hold', 'holds') : holding}`;
  if (before === null || at - before.at < 1_000) return `${alive}.`;
  const earlier = new Map(before.facts.map((one) => [`${one.pid} ${one.startedAt}`, one.cpuMs]));
  const used = sum(
    facts.map((one) => (one.cpuMs === null ? null : one.cpuMs - (earlier.get(`${one.pid} ${one.startedAt}`) ?? 0))),
  );
  if (used === null) return `${alive}.`;
  const over = span(at - before.at);
  return used < 10
    ? `${alive}; they used no processor time in the last ${over}.`
    : `${alive}; they used ${span(used)} of processor time in the last ${over}.`;
}

const sum = (values: readonly (number | null)[]): number | null =>
  values.reduce<number | null>((total, value) => (total === null || value === null ? null : total + value), 0);
