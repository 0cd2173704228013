import type { Database } from 'better-sqlite3';
import type { Form, Mention, Pattern, RulePreview, RuleWord, StandingRule } from '../../shared/contract/standing.ts';
import { TenureError } from '../../shared/errors.ts';
import { patternWords } from '../../shared/pattern-words.ts';
import type { Journal } from '../kernel/journal.ts';
import type { Clock, Ids } from '../kernel/ports.ts';
import { redact } from '../kernel/redact.ts';
import { forbids, keyOf, keysOf, matches, patternsFor, refusalOf } from './rules.ts';
import { createStandingStorage } from './storage.ts';

const DAY_MS = 86_400_000;
const PREVIEW_MS = 30 * DAY_MS;
const SAMPLES = 20;
/** Under which a project's prohibitions stand: all are looked at, for they speak of more than one key. */
const DENIES = 'deny';

/** A decision as far as a preview looks at it. `form` is null where none was kept. */
export interface PastDecision {
  id: string;
  form: Form | null;
  summary: string;
  askedAt: number;
  state: string;
  verdict: string;
}

export interface StandingDeps {
  db: Database;
  journal: Journal;
  clock: Clock;
  ids: Ids;
  /** @throws TenureError not_found. */
  project(id: string): { name: string };
  /** Does a command run something that its words do not settle? No rule may allow such a one. */
  runsAnything(program: string, args: readonly string[]): boolean;
  /** @throws TenureError not_found. */
  formOf(decisionId: string): { projectId: string; form: Form | null };
  /** The decisions of a project since that time, newest first. */
  past(projectId: string, since: number): PastDecision[];
}

type Draft = Pick<StandingRule, 'projectId' | 'effect' | 'pattern'>;

export type Standing = ReturnType<typeof createStanding>;

/** Rules that a person makes: "allow always for this project", and its opposite. */
export function createStanding({ db, journal, clock, ids, project, runsAnything, formOf, past }: StandingDeps) {
  const storage = createStandingStorage(db);
  /** Those not revoked, by project and key; made anew after each change. */
  let index: Map<string, StandingRule[]> | null = null;

  function inForce(): Map<string, StandingRule[]> {
    if (index) return index;
    const made = new Map<string, StandingRule[]>();
    for (const rule of storage.all()) {
      if (rule.revokedAt !== null) continue;
      const key = `${rule.projectId}\0${rule.effect === 'deny' ? DENIES : keyOf(rule.pattern)}`;
      made.set(key, [...(made.get(key) ?? []), rule]);
    }
    index = made;
    return made;
  }

  const isOver = (rule: StandingRule): boolean => rule.expiresAt !== null && rule.expiresAt <= clock.now();

  const list = ({ projectId, all }: { projectId?: string | undefined; all?: boolean | undefined }): StandingRule[] =>
    storage
      .all()
      .filter((rule) => projectId === undefined || rule.projectId === projectId)
      .filter((rule) => all || (rule.revokedAt === null && !isOver(rule)));

  function must(id: string): StandingRule {
    const rule = storage.get(id);
    if (!rule) throw new TenureError('not_found', `There is no rule "${id}".`);
    return rule;
  }

  function check({ projectId, effect, pattern }: Draft): void {
    project(projectId);
    const refusal = refusalOf(pattern, effect, runsAnything);
    if (refusal !== null) throw new TenureError('refused', refusal);
    const text = JSON.stringify(pattern);
    if (redact(text) !== text)
      throw new TenureError('refused', 'What looks like a credential stands in it; a rule cannot hold one.');
  }

  return {
    /** What the rules of a project say to that action; one that forbids is heard before one that allows. */
    wordFor(projectId: string, form: Form, mentions: readonly Mention[]): RuleWord | null {
      const rules = inForce();
      const denies = (rules.get(`${projectId}\0${DENIES}`) ?? []).filter((rule) =>
        forbids(rule.pattern, form, mentions),
      );
      const allows = keysOf(form)
        .flatMap((key) => rules.get(`${projectId}\0${key}`) ?? [])
        .filter((rule) => matches(rule.pattern, form));
      const rule = [...denies, ...allows].find((one) => !isOver(one));
      if (!rule) return null;
      const says = rule.effect === 'allow' ? 'allowed always' : 'forbidden';
      const text = `A person has ${says} on this project: ${patternWords(rule.pattern)}.`;
      return { id: rule.id, effect: rule.effect, reason: { code: `rule_${rule.effect}s`, text } };
    },

    /** Inside a commit: a rule has spoken. */
    use: (id: string): void => storage.use(id, clock.now()),

    list,

    /** @throws TenureError not_found. */
    draft(decisionId: string): { projectId: string; patterns: Pattern[]; why: string | null } {
      const { projectId, form } = formOf(decisionId);
      if (form === null)
        return { projectId, patterns: [], why: 'What a rule could be about was not kept with this decision.' };
      return { projectId, patterns: patternsFor(form), why: form.kind === 'none' ? form.why : null };
    },

    /** @throws TenureError not_found, or refused with the reason why there can be no such rule. */
    preview(draft: Draft): RulePreview {
      check(draft);
      const all = past(draft.projectId, clock.now() - PREVIEW_MS);
      const compared = all.filter(({ form }) => form !== null);
      const matched = compared.filter(({ form }) => form !== null && matches(draft.pattern, form));
      return {
        matched: matched.length,
        compared: compared.length,
        unknown: all.length - compared.length,
        asked: matched.filter(({ verdict }) => verdict === 'ask').length,
        samples: matched
          .slice(0, SAMPLES)
          .map(({ id, summary, askedAt, state }) => ({ decisionId: id, summary, at: askedAt, state })),
      };
    },

    /** @throws TenureError not_found, refused, or conflict: there is such a rule already. */
    add(draft: Draft & { expiresInMs?: number | undefined }, by: string): StandingRule {
      check(draft);
      const same = JSON.stringify([draft.projectId, draft.effect, draft.pattern]);
      const there = list({ projectId: draft.projectId }).find(
        ({ projectId, effect, pattern }) => JSON.stringify([projectId, effect, pattern]) === same,
      );
      if (there) throw new TenureError('conflict', `There is that rule already: ${there.id}.`);
      const now = clock.now();
      const id = ids.next('rul');
      const rule = journal.commit((emit) => {
        storage.insert({
          id,
          projectId: draft.projectId,
          effect: draft.effect,
          pattern: draft.pattern,
          createdAt: now,
          createdBy: by,
          expiresAt: draft.expiresInMs === undefined ? null : now + draft.expiresInMs,
        });
        const made = must(id);
        emit({ type: 'rule.added', body: { rule: made } });
        return made;
      });
      index = null;
      return rule;
    },

    /** @throws TenureError not_found, or conflict: it was revoked before. */
    revoke(id: string, by: string): StandingRule {
      must(id);
      const rule = journal.commit((emit) => {
        if (!storage.revoke(id, clock.now(), by)) throw new TenureError('conflict', `Rule "${id}" was revoked before.`);
        const revoked = must(id);
        emit({ type: 'rule.revoked', body: { rule: revoked } });
        return revoked;
      });
      index = null;
      return rule;
    },
  };
}
