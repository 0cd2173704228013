import type { Risk } from '../../../shared/policy.ts';
import { setOf } from '../list.ts';

/** First words of scripts that check or build the project. */
const CHECKS = setOf(`
  test tests tst testing unit integration e2e spec specs smoke lint eslint stylelint format fmt prettier check checks
  typecheck types type tsc tsgo build compile verify validate coverage cov bench benchmark benchmarks doc docs clean
  knip vitest jest playwright cypress mocha pytest analyze quality static style ci all default biome oxlint lints
  analyse size typings rebuild preflight prettify
`);
const PUBLISHES =
  /^(?:pre|post)?(?:publish|deploy|ship|upload|rollout|promote)(?:s|ed|ing|ment|er|able)?$|^(?:unpublish|redeploy|autodeploy)$/u;
const RELEASES = /^(?:pre|post)?release(?:s|r)?$/u;
const DESTROYS = setOf('drop destroy nuke wipe purge reset teardown delete truncate flush erase uninstall');
const TELLS = setOf('push submit send notify mail email tweet announce prod production live payment charge refund');

const wordsOf = (name: string): string[] =>
  name
    .replace(/\.(?:[cm]?[jt]sx?|sh|bash|zsh|py|rb|pl|php)$/u, '')
    .replace(/([a-z])([A-Z])/gu, '$1 $2')
    .toLowerCase()
    .split(/[^a-z0-9]+/u)
    .filter((word) => word !== '');

/** How grave a script of the project is by its name: `test:unit` low, `dev` medium, `db:reset` high, `deploy` critical. */
export function riskOfScript(name: string): Risk {
  const words = wordsOf(name);
  const checks = CHECKS.has(words[0] ?? '');
  if (words.some((word) => PUBLISHES.test(word))) return 'critical';
  if (!checks && words.some((word) => RELEASES.test(word))) return 'critical';
  if (words.some((word) => DESTROYS.has(word) || TELLS.has(word))) return 'high';
  if (checks) return 'low';
  return words.length === 1 && words[0] === 'install' ? 'high' : 'medium';
}
