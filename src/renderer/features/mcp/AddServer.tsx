import { type FormEvent, useState } from 'react';
import { McpConfig } from '../../../shared/contract/mcp.ts';
import { issueWords } from '../../../shared/issue-words.ts';
import { useAct } from '../../hooks/use-act.ts';
import { useAway } from '../../hooks/use-away.ts';
import { Button } from '../../ui/Button.tsx';
import { Field, Problem } from '../../ui/Field.tsx';
import { say } from '../../ui.ts';

const EXAMPLE = `{
  "mcpServers": {
    "github": {
      "command": "github-mcp",
      "env": { "GITHUB_TOKEN": "$\{GITHUB_TOKEN}" }
    }
  }
}`;

/** What was typed, as servers, or the sentence why it is none. */
function parsed(text: string): McpConfig | string {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return `This is not readable as JSON: ${error instanceof Error ? error.message : String(error)}.`;
  }
  const result = McpConfig.safeParse(value, { error: issueWords });
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  return `${issue?.path.join('.') || 'The whole'}: ${issue?.message}. Expected an object like the example.`;
}

export function AddServer({ projectId, changed }: { projectId: string; changed: () => void }) {
  const add = useAct('mcp.add');
  const away = useAway();
  const [problem, setProblem] = useState<string | null>(null);
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (away || add.busy) return;
    const form = event.currentTarget;
    const text = new FormData(form).get('servers');
    const config = parsed(typeof text === 'string' ? text : '');
    setProblem(typeof config === 'string' ? config : null);
    if (typeof config === 'string' || !(await add.run({ projectId, config }))) return;
    form.reset();
    say('The servers were added.');
    changed();
  };
  return (
    <form onSubmit={(event) => void submit(event)} className="flex flex-col gap-2">
      <Field
        label="Add servers"
        hint="In the shape of .mcp.json. Write secrets as ${NAME}: they come from Tenure's environment and are not kept."
      >
        {(control) => (
          <textarea
            {...control}
            name="servers"
            rows={7}
            required
            placeholder={EXAMPLE}
            spellCheck={false}
            className="field resize-y font-mono text-[0.75rem]"
          />
        )}
      </Field>
      <Problem text={problem ?? add.error} />
      <Button type="submit" className="self-start" busy={add.busy} why={away}>
        Add
      </Button>
    </form>
  );
}
