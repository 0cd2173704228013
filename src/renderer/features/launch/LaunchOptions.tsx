import type { Project } from '../../../shared/contract/projects.ts';

export interface Chosen {
  model: string;
  /** Minutes, as typed. */
  minutes: string;
}

interface LaunchOptionsProps {
  project: Project | undefined;
  recent: readonly string[];
  chosen: Chosen;
  onChoose: (chosen: Chosen) => void;
  onPrompt: (prompt: string) => void;
}

/** For this launch alone: an earlier prompt again, another model, another time box. */
export function LaunchOptions({ project, recent, chosen, onChoose, onPrompt }: LaunchOptionsProps) {
  return (
    <div className="appear flex flex-wrap items-center gap-1.5">
      {recent.length > 0 && (
        <select
          aria-label="Earlier prompts"
          value=""
          onChange={(event) => onPrompt(event.currentTarget.value)}
          className="field min-w-0 flex-1 basis-full truncate"
        >
          <option value="">Earlier prompts…</option>
          {recent.map((prompt) => (
            <option key={prompt} value={prompt}>
              {prompt.length > 80 ? `${prompt.slice(0, 79)}…` : prompt}
            </option>
          ))}
        </select>
      )}
      <input
        aria-label="Model"
        placeholder={project?.model ?? 'Model'}
        maxLength={100}
        value={chosen.model}
        onChange={(event) => onChoose({ ...chosen, model: event.currentTarget.value })}
        className="field min-w-0 flex-1"
      />
      <input
        aria-label="Time box in minutes"
        type="number"
        min={1}
        max={1440}
        placeholder={project ? `${Math.round(project.timeBoxMs / 60_000)} min` : 'Minutes'}
        value={chosen.minutes}
        onChange={(event) => onChoose({ ...chosen, minutes: event.currentTarget.value })}
        className="field w-24 flex-none"
      />
    </div>
  );
}
