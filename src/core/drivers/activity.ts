import { isAbsolute, relative } from 'node:path';
import { redact } from '../kernel/redact.ts';
import { listOf, objectOf, textOf } from './json.ts';

const LONGEST = 100;

/**
 * What a tool call does, in a person's words: "Editing src/a.ts", "Running npm test".
 * @param cwd paths under it are shown relative to it.
 */
export function activityOf(tool: string, input: unknown, cwd: string): string {
  const given = objectOf(input);
  const path = (key: string): string => shortPath(textOf(given[key]) ?? 'a file', cwd);
  const words = (key: string, fallback: string): string => textOf(given[key]) ?? fallback;
  switch (tool) {
    case 'Bash':
      return cut(`Running ${firstLine(words('command', 'a command'))}`);
    case 'Edit':
    case 'MultiEdit':
      return cut(`Editing ${path('file_path')}`);
    case 'Write':
      return cut(`Writing ${path('file_path')}`);
    case 'NotebookEdit':
      return cut(`Editing ${path('notebook_path')}`);
    case 'Read':
      return cut(`Reading ${path('file_path')}`);
    case 'Glob':
      return cut(`Looking for ${words('pattern', 'files')}`);
    case 'Grep':
      return cut(`Searching for ${words('pattern', 'text')}`);
    case 'WebFetch':
      return cut(`Fetching ${hostOf(words('url', 'a page'))}`);
    case 'WebSearch':
      return cut(`Searching the web for ${words('query', 'something')}`);
    case 'Agent':
    case 'Task':
      return cut(`Asking a subagent: ${words('description', 'a task')}`);
    case 'Skill':
      return cut(`Using the skill ${words('skill', '')}`.trimEnd());
    case 'TodoWrite':
      return `Planning ${listOf(given.todos).length} steps`;
    default:
      return cut(`Using ${tool}`);
  }
}

function firstLine(text: string): string {
  const trimmed = text.trim();
  const end = trimmed.indexOf('\n');
  return end < 0 ? trimmed : trimmed.slice(0, end);
}

/** Redacted before it is cut: the beginning of a credential no longer looks like one. */
function cut(full: string): string {
  const text = redact(full);
  return text.length > LONGEST ? `${text.slice(0, LONGEST - 1)}…` : text;
}

function shortPath(path: string, cwd: string): string {
  if (!isAbsolute(path)) return path;
  const inside = relative(cwd, path);
  return inside === '' || inside.startsWith('..') ? path : inside;
}

const hostOf = (url: string): string => (URL.canParse(url) ? new URL(url).host : url);
