import { useMirror } from '../../mirror.ts';
import { Button } from '../../ui/Button.tsx';
import { Dialog, DialogActions } from '../../ui/Dialog.tsx';
import { closeDialog } from '../../ui.ts';
import { McpServers } from './McpServers.tsx';

/** The MCP servers of one project. */
export function McpDialog({ id }: { id: string }) {
  const name = useMirror((snapshot) => snapshot.projects.find((project) => project.id === id)?.name);
  return (
    <Dialog title={`MCP servers of ${name ?? id}`} onClose={closeDialog}>
      <McpServers projectId={id} />
      <DialogActions>
        <Button onClick={closeDialog}>Close</Button>
      </DialogActions>
    </Dialog>
  );
}
