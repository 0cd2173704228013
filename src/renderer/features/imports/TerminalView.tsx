import { count, short } from '../../../shared/format.ts';
import { TERMINAL_WORDS } from '../../../shared/words.ts';
import { useQuery } from '../../hooks/use-query.ts';
import { Button } from '../../ui/Button.tsx';
import { Problem } from '../../ui/Field.tsx';
import { Facts, Nothing, Part, Screen } from '../../ui/Screen.tsx';
import { Moment } from '../../ui/Time.tsx';
import { useTerminals } from './Terminals.tsx';

/** What is said is called as in our own transcripts. */
const NAMES: Readonly<Partial<Record<string, string>>> = { prompt: 'Prompt', text: 'Agent' };

/** One session in a terminal, to be read: what is known of it, and the end of what was said and done. */
export function TerminalView({ id }: { id: string }) {
  const { data, error } = useTerminals();
  const session = data?.sessions.find((one) => one.id === id);
  const transcript = useQuery('imports.transcript', { id }, session?.lastActivityAt ?? 0);
  if (!session)
    return (
      <div className="p-6">
        {data || error ? (
          <Problem
            text={error ?? 'This session is not known (any more), or not on a project that is registered here.'}
          />
        ) : (
          <p className="late text-ink-2">Loading…</p>
        )}
      </div>
    );
  const { inputTokens, outputTokens } = session;
  const tokens =
    inputTokens === null || outputTokens === null ? null : `${short(inputTokens)} in, ${short(outputTokens)} out`;
  return (
    <Screen title={session.project}>
      <p className="text-ink-2">
        {TERMINAL_WORDS[session.status]}. You started this in a terminal: Tenure shows it, but neither measures nor
        counts it, and it is to be answered and stopped only there.
      </p>
      <Facts
        facts={[
          ['Last activity', session.lastActivityAt === null ? null : <Moment key="at" at={session.lastActivityAt} />],
          ['Tokens', tokens],
          ['Model', session.model],
          ['Claude Code', session.version],
          ['Branch', session.branch],
          ['Folder', session.cwd],
          ...(session.status === 'ended' ? [] : [['Process', session.pid] as const]),
          ['Session', session.id],
        ]}
      />
      <Part
        title="Transcript"
        actions={
          <Button kind="quiet" busy={transcript.loading} onClick={transcript.reload}>
            Read again
          </Button>
        }
      >
        <Problem text={transcript.error} />
        {transcript.data?.entries.length === 0 && <Nothing>Nothing was said yet.</Nothing>}
        {transcript.data?.cut && (
          <p className="text-small text-ink-3">
            The last {count(transcript.data.entries.length, 'entry', 'entries')}; the rest is in{' '}
            <span className="wrap-anywhere select-text">{transcript.data.path}</span>.
          </p>
        )}
        <ol className="flex flex-col gap-2">
          {transcript.data?.entries.map((entry, n) => (
            <li key={n} className="lazy-card card p-3">
              <p className={`text-small ${entry.failed ? 'text-bad' : 'text-ink-3'}`}>
                {NAMES[entry.kind] ?? entry.title}
                {entry.at > 0 && (
                  <>
                    {' · '}
                    <Moment at={entry.at} />
                  </>
                )}
              </p>
              <p
                className={`line-clamp-12 whitespace-pre-wrap wrap-anywhere select-text ${entry.kind === 'text' || entry.kind === 'prompt' ? '' : 'font-mono text-[0.75rem]'}`}
              >
                {entry.text}
              </p>
            </li>
          ))}
        </ol>
      </Part>
    </Screen>
  );
}
