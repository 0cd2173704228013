import { LEVEL_WORDS, type Level } from '../../../shared/policy.ts';

/** What a level newly allows and what it still asks for. */
export function LevelChange({ to }: { to: Level }) {
  const { adds, stillAsks } = LEVEL_WORDS[to];
  return (
    <dl className="flex flex-wrap gap-x-4 gap-y-2">
      <Column title="It would newly allow" lines={adds} />
      <Column title="It still asks for" lines={stillAsks} />
    </dl>
  );
}

function Column({ title, lines }: { title: string; lines: readonly string[] }) {
  return (
    <div className="min-w-36 flex-1">
      <dt className="text-ink-2">{title}</dt>
      {lines.map((line) => (
        <dd key={line} className="font-strong">
          {line}
        </dd>
      ))}
    </div>
  );
}
