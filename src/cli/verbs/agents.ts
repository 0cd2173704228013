import { ANOMALY_WORDS, eventWords, movedWords, tasksWords, whyWords } from '../../shared/agent-words.ts';
import type { AgentView, ScorePreview } from '../../shared/contract/agents.ts';
import { absolute, count } from '../../shared/format.ts';
import { issueWords } from '../../shared/issue-words.ts';
import { ScoreSettings } from '../../shared/score-settings.ts';
import { rightsWords, TIER_RIGHTS } from '../../shared/tiers.ts';
import { whoWords } from '../../shared/words.ts';
import { list, oneLine, paragraphs, readable, table } from '../text.ts';
import { type Cli, defineVerb, UsageError, wholeNumber } from '../verb.ts';

const standing = ({ score, tier }: Pick<AgentView, 'score' | 'tier'>): string => `${score} ${TIER_RIGHTS[tier].name}`;

const agentsList = defineVerb({
  name: 'agents list',
  summary: 'List agents with score, tier and tasks, the highest score first.',
  example: 'tenure agents list --json',
  async run(cli) {
    const agents = await cli.call('agents.list', {});
    const rows = agents.map((agent) => [
      agent.id,
      String(agent.score),
      TIER_RIGHTS[agent.tier].name,
      agent.sure === null ? 'none yet' : `${agent.succeeded} of ${agent.succeeded + agent.failed}`,
      agent.anomalies === 0 ? '' : count(agent.anomalies, 'anomaly', 'anomalies'),
      absolute(agent.lastAt),
    ]);
    const head = ['agent', 'score', 'tier', 'tasks done', 'to look at', 'last seen'];
    return { json: agents, text: table(head, rows, 'No agent was seen yet. Run a session: "tenure run <project>".') };
  },
});

const agentsShow = defineVerb({
  name: 'agents show',
  summary: 'Show one agent: score, tier, why, what it may do, and its newest events. With --seq: as it was then.',
  takes: ['agent'],
  options: { seq: { type: 'string', value: '<n>', help: 'just after that event of the ledger' } },
  example: 'tenure agents show claude/opus',
  async run(cli, [id = ''], values) {
    const seq = wholeNumber(values.seq, 'seq', 1, Number.MAX_SAFE_INTEGER);
    if (seq !== undefined) {
      const then = await cli.call('agents.asOf', { id, seq });
      const text = then
        ? `${standing(then)} after event ${then.seq}, ${absolute(then.at)}.`
        : `${id} was not known then.`;
      return { json: then, text, exitCode: then ? 0 : 1 };
    }
    const whole = await cli.call('agents.get', { id });
    const { agent, events } = whole;
    return {
      json: whole,
      text: paragraphs(
        list([
          ['Agent', oneLine(agent.id)],
          [
            'Score',
            `${agent.score} of 1000${agent.effective < agent.score ? `; the gate reads ${agent.effective}` : ''}`,
          ],
          [
            'Tier',
            `${TIER_RIGHTS[agent.tier].name} (earned ${TIER_RIGHTS[agent.earned].name} ${absolute(agent.since)})`,
          ],
          ['Tasks', tasksWords(agent)],
          ['Version', agent.version === null ? 'unknown' : oneLine(agent.version)],
          ['May', rightsWords(agent.tier).join('; ')],
        ]),
        whyWords(agent).join('\n'),
        eventTable(events.slice(0, 15)),
      ),
    };
  },
});

const eventTable = (
  events: readonly { seq: number; at: number; kind: string; before: number; after: number; text: string }[],
) =>
  table(
    ['event', 'when', 'what', 'moved', 'score', 'because'],
    events.map((event) => [
      String(event.seq),
      absolute(event.at),
      eventWords(event.kind),
      movedWords(event),
      String(event.after),
      event.text,
    ]),
    'Nothing was seen yet.',
  );

const agentsEvents = defineVerb({
  name: 'agents events',
  summary: 'List what was seen of an agent, or of all, newest first.',
  takes: ['agent?'],
  options: {
    limit: { type: 'string', value: '<n>', help: 'at most so many; 100 unless told' },
    before: { type: 'string', value: '<n>', help: 'older than that event of the ledger' },
  },
  example: 'tenure agents events claude/opus --limit 20 --json',
  async run(cli, [id = ''], values) {
    const limit = wholeNumber(values.limit, 'limit', 1, 500);
    const before = wholeNumber(values.before, 'before', 1, Number.MAX_SAFE_INTEGER);
    const events = await cli.call('agents.events', {
      ...(id !== '' && { id }),
      ...(limit !== undefined && { limit }),
      ...(before !== undefined && { before }),
    });
    return { json: events, text: eventTable(events) };
  },
});

const agentsAnomalies = defineVerb({
  name: 'agents anomalies',
  summary: 'List what was out of the ordinary and that nobody has looked at.',
  options: { all: { type: 'boolean', help: 'also what somebody has looked at' } },
  example: 'tenure agents anomalies --all',
  async run(cli, _given, values) {
    const anomalies = await cli.call('agents.anomalies', { all: values.all ?? false });
    const rows = anomalies.map((one) => [
      String(one.id),
      absolute(one.at),
      one.agent,
      ANOMALY_WORDS[one.kind],
      one.acknowledged ? `seen by ${whoWords(one.acknowledged.by)}` : 'open',
      one.text,
    ]);
    const none = 'Nothing is out of the ordinary.';
    return { json: anomalies, text: table(['id', 'when', 'agent', 'what', 'state', 'because'], rows, none) };
  },
});

const agentsAck = defineVerb({
  name: 'agents ack',
  summary: 'Say that you have looked at an anomaly; of a violation it also lifts the ceiling.',
  takes: ['id'],
  options: { note: { type: 'string', help: 'kept with it' } },
  example: 'tenure agents ack 812 --note "A key of the test account"',
  async run(cli, [given], values) {
    const id = wholeNumber(given, 'id', 1, Number.MAX_SAFE_INTEGER) ?? 0;
    const note = values.note === undefined ? {} : { note: values.note };
    const anomaly = await cli.call('agents.acknowledge', { id, ...note });
    return { json: anomaly, text: `Looked at: ${readable(anomaly.text)}` };
  },
});

/** `points.failed.points=-30` over the rules in force. @throws UsageError */
async function draftOf(cli: Cli, sets: readonly string[]): Promise<ScoreSettings> {
  const draft = structuredClone(await cli.call('agents.settings', {})) as Record<string, unknown>;
  for (const set of sets) {
    const [, key = '', text = ''] = /^([^=]+)=(.*)$/u.exec(set) ?? [];
    const path = key.split('.');
    const holder = path
      .slice(0, -1)
      .reduce<unknown>((value, name) => (value as Record<string, unknown> | undefined)?.[name], draft);
    const name = path.at(-1) ?? '';
    if (typeof holder !== 'object' || holder === null || !Object.hasOwn(holder, name))
      throw new UsageError(
        `--set takes <key>=<value> of the rules, such as points.failed.points=-30, but got "${set}".`,
      );
    (holder as Record<string, unknown>)[name] = Number.isNaN(Number(text)) || text.trim() === '' ? text : Number(text);
  }
  const parsed = ScoreSettings.safeParse(draft, { error: issueWords });
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new UsageError(`These rules do not fit: "${issue?.path.join('.')}" ${issue?.message}.`);
}

function previewText({ moves, agents, decisions }: ScorePreview): string {
  const rows = moves.map(({ agent, now, draft }) => [agent, standing(now), standing(draft)]);
  return paragraphs(
    table(['agent', 'now', 'with these rules'], rows, `None of ${count(agents, 'agent')} would move.`),
    `Of ${count(decisions.of, 'question')} of the last ${decisions.days} days that an agent may answer for itself once it is certified, ${decisions.now} would go ahead unasked by the rules in force, ${decisions.draft} by these.`,
  );
}

const agentsPreview = defineVerb({
  name: 'agents preview',
  summary: 'Try other rules of the score on everything that was seen: who would move, what would go ahead unasked.',
  options: {
    set: { type: 'string', multiple: true, value: '<key>=<value>', help: 'a rule, such as points.failed.points=-30' },
    apply: { type: 'boolean', help: 'and set them, in the configuration' },
  },
  example: 'tenure agents preview --set tiers.CERTIFIED.days=3 --set perDay=60',
  async run(cli, _given, values) {
    const settings = await draftOf(cli, values.set ?? []);
    const preview = await cli.call('agents.preview', { settings });
    if (!values.apply) return { json: preview, text: previewText(preview) };
    await cli.call('agents.configure', { settings });
    return { json: preview, text: paragraphs(previewText(preview), 'These rules hold now.') };
  },
});

export const agentVerbs = [agentsList, agentsShow, agentsEvents, agentsAnomalies, agentsAck, agentsPreview];
