import { useAct } from '../../hooks/use-act.ts';
import { useAway } from '../../hooks/use-away.ts';
import { useQuery } from '../../hooks/use-query.ts';
import { Button } from '../../ui/Button.tsx';
import { Problem } from '../../ui/Field.tsx';
import { say } from '../../ui.ts';

/** The model of a session and where it came from; what the record suggests instead, to be followed at a click. */
export function ModelChoiceLine({ sessionId, projectId }: { sessionId: string; projectId: string }) {
  const { data, reload } = useQuery('models.choice', { sessionId });
  const follow = useAct('models.follow');
  const away = useAway();
  if (!data) return null;
  const { suggestion } = data;
  const run = async () => {
    if (!suggestion) return;
    const followed = await follow.run({ projectId, taskClass: suggestion.taskClass, model: suggestion.model });
    if (!followed) return;
    say(`${followed.model} is the model of this project now.`);
    reload();
  };
  return (
    <div className="flex flex-col gap-1.5">
      <p className="text-ink-2">Model: {data.sentence}.</p>
      {suggestion && (
        <div className="card flex flex-wrap items-center gap-3 p-3">
          <p className="min-w-52 flex-1">
            <span className="font-strong">The record suggests {suggestion.model}</span>{' '}
            <span className="text-ink-2">
              for tasks like this ({suggestion.taskClass}). {suggestion.sentence}
            </span>
          </p>
          <Button busy={follow.busy} why={away} onClick={() => void run()}>
            Make it the project's model
          </Button>
        </div>
      )}
      <Problem text={follow.error} />
    </div>
  );
}
