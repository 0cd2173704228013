import type { DialogState } from '../../ui.ts';
import { RulesDialog } from '../agents/RulesDialog.tsx';
import { LaunchSheet } from '../launch/LaunchSheet.tsx';
import { McpDialog } from '../mcp/McpDialog.tsx';
import { Palette } from '../palette/Palette.tsx';
import { KeysDialog } from '../popover/KeysDialog.tsx';
import { ProjectDialog } from '../projects/ProjectDialog.tsx';
import { ScheduleDialog } from '../schedule/ScheduleDialog.tsx';
import { PushUrl, ServiceDialog } from '../services/ServiceDialog.tsx';
import { RuleDialog } from '../standing/RuleDialog.tsx';
import { StopAllDialog } from '../system/StopAllDialog.tsx';
import { LevelDialog } from '../trust/LevelDialog.tsx';
import { NotYetDialog } from '../trust/NotYetDialog.tsx';
import { ReportDialog } from '../trust/ReportDialog.tsx';
import { Welcome } from '../welcome/Welcome.tsx';

/** Whatever is asked above the screen; one at a time. */
export function Dialogs({ dialog }: { dialog: DialogState }) {
  switch (dialog.kind) {
    case 'welcome':
      return <Welcome />;
    case 'palette':
      return <Palette />;
    case 'launch':
      return <LaunchSheet />;
    case 'keys':
      return <KeysDialog />;
    case 'score-rules':
      return <RulesDialog />;
    case 'stop-all':
      return <StopAllDialog />;
    case 'level':
      return <LevelDialog to={dialog.to} />;
    case 'not-yet':
      return <NotYetDialog id={dialog.id} />;
    case 'report-severe':
      return <ReportDialog />;
    case 'rule':
      return <RuleDialog decisionId={dialog.decisionId} />;
    case 'service':
      return <ServiceDialog id={dialog.id} />;
    case 'push-url':
      return <PushUrl name={dialog.name} url={dialog.url} />;
    case 'mcp':
      return <McpDialog id={dialog.id} />;
    case 'schedule':
      return <ScheduleDialog id={dialog.id} />;
    case 'project':
      return <ProjectDialog id={dialog.id} path={dialog.path} />;
  }
}
