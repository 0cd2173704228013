import { useClock } from '../../hooks/use-clock.ts';
import { useQuery } from '../../hooks/use-query.ts';
import { mirror } from '../../mirror.ts';
import { Moment } from '../../ui/Time.tsx';

/** What happened since the day's digest was told last, and that one: for who was away. */
export function Daily() {
  const version = useClock(() => mirror.getState().snapshot?.seq ?? 0);
  const { data } = useQuery('daily.get', {}, version);
  if (!data) return null;
  const { dueAt, told, now } = data;
  return (
    <section aria-labelledby="daily" className="card flex flex-col gap-1.5 p-3">
      <h2 id="daily" className="font-strong">
        {now ? (
          <>
            Since <Moment at={now.from} />
          </>
        ) : (
          'Since the last digest'
        )}
      </h2>
      <p>{now ? now.body : 'Nothing has happened, and nothing waits for you.'}</p>
      {told && (
        <details>
          <summary className="cursor-pointer text-ink-2">
            Told <Moment at={told.to} />: {told.title}
          </summary>
          <p className="pt-1 text-ink-2">{told.body}</p>
        </details>
      )}
      <p className="text-small text-ink-3">
        {dueAt === null ? (
          'The day’s digest is switched off'
        ) : (
          <>
            Told next <Moment at={dueAt} />
          </>
        )}
        {' · '}
        <a href="#/window/settings/notifications.daily" className="underline">
          Change
        </a>
      </p>
    </section>
  );
}
