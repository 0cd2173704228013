import { foundation } from './0001-foundation.ts';
import { evaluation } from './0002-evaluation.ts';
import { reviews } from './0003-reviews.ts';
import { telemetry } from './0004-telemetry.ts';
import { gateRecord } from './0005-gate-record.ts';
import { conversation } from './0006-conversation.ts';
import { supervision } from './0007-supervision.ts';
import { revenue } from './0008-revenue.ts';
import { resources } from './0009-resources.ts';
import { standing } from './0010-standing.ts';
import { services } from './0011-services.ts';
import { worktrees } from './0012-worktrees.ts';
import { usage } from './0013-usage.ts';
import { decisionHistory } from './0014-decision-history.ts';
import { followOn } from './0015-follow-on.ts';
import { attention } from './0016-attention.ts';
import { mcp } from './0017-mcp.ts';
import { tribunal } from './0018-tribunal.ts';
import { setUp } from './0019-set-up.ts';
import { activity } from './0020-activity.ts';
import { decisionsWhole } from './0020-decisions-whole.ts';
import { ledger } from './0022-ledger.ts';

/** In order; the index + 1 is the `user_version` that each leads to. */
export const migrations: readonly { name: string; sql: string }[] = [
  { name: '0001-foundation', sql: foundation },
  { name: '0002-evaluation', sql: evaluation },
  { name: '0003-reviews', sql: reviews },
  { name: '0004-telemetry', sql: telemetry },
  { name: '0005-gate-record', sql: gateRecord },
  { name: '0006-conversation', sql: conversation },
  { name: '0007-supervision', sql: supervision },
  { name: '0008-revenue', sql: revenue },
  { name: '0009-resources', sql: resources },
  { name: '0010-standing', sql: standing },
  { name: '0011-services', sql: services },
  { name: '0012-worktrees', sql: worktrees },
  { name: '0013-usage', sql: usage },
  { name: '0014-decision-history', sql: decisionHistory },
  { name: '0015-follow-on', sql: followOn },
  { name: '0016-attention', sql: attention },
  { name: '0017-mcp', sql: mcp },
  { name: '0018-tribunal', sql: tribunal },
  { name: '0019-set-up', sql: setUp },
  { name: '0020-decisions-whole', sql: decisionsWhole },
  { name: '0020-activity', sql: activity },
  { name: '0022-ledger', sql: ledger },
];
