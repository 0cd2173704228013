import type { McpOverview } from '../../src/shared/contract/mcp.ts';
import type { Pattern } from '../../src/shared/contract/standing.ts';
import type { Answers } from './pretend-answers.ts';

const push = (args: string[], rest: boolean): Pattern => ({ kind: 'command', program: 'git', args, rest });

const SERVERS: McpOverview = {
  projectId: 'prj_atlas-api',
  servers: [
    {
      name: 'github',
      origin: 'project',
      server: { command: 'github-mcp', args: ['--toolsets', 'issues,pull_requests'], env: {} },
      missing: ['GITHUB_TOKEN'],
      breaker: { state: 'on', failures: 0, until: null, reason: null },
    },
    {
      name: 'search-of-the-company-wiki',
      origin: 'repository',
      server: { type: 'http', url: 'https://wiki.internal.example.com/mcp' },
      missing: [],
      breaker: { state: 'off', failures: 3, until: Date.now() + 240_000, reason: 'It did not answer within 30 s' },
    },
  ],
  repository: {
    path: '.mcp.json',
    hash: 'a1',
    state: 'changed',
    servers: ['search-of-the-company-wiki'],
    text: '{ "mcpServers": { "search-of-the-company-wiki": { "type": "http", "url": "https://wiki.internal.example.com/mcp" } } }',
    problem: null,
  },
};

/** What the sheets over a screen ask for. */
export const DIALOG_ANSWERS: Answers = {
  'rules.draft': (world, { decisionId }) => ({
    projectId: world.state().decisions.find(({ id }) => id === decisionId)?.projectId ?? '',
    patterns: [
      push(['push', 'origin', 'tenure/fix-login'], false),
      push(['push', 'origin'], true),
      push(['push'], true),
    ],
    why: null,
  }),
  'rules.preview': () => ({
    matched: 3,
    compared: 412,
    unknown: 18,
    asked: 3,
    samples: ['tenure/fix-login', 'tenure/totals-of-the-ledger-in-every-currency', 'tenure/docs'].map((branch, n) => ({
      decisionId: `dec_${n}`,
      summary: `git push origin ${branch}`,
      at: Date.now() - n * 86_400_000,
      state: 'approved',
    })),
  }),
  'mcp.list': (_world, { projectId }) => ({ ...SERVERS, projectId }),
  'schedule.preview': (_world, { count = 4 }) => ({
    timezone: 'Europe/Berlin',
    runs: Array.from({ length: count }, (_, n) => Date.now() + (n + 1) * 86_400_000),
  }),
};
