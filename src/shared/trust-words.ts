import type { AlertKind } from './contract/alerts.ts';
import type { StayCause } from './contract/trust.ts';
import type { SevereKind } from './contract/trust-record.ts';

export const SEVERE_WORDS: Readonly<Record<SevereKind, string>> = {
  hostile: 'A hostile action was tried',
  secret: 'A secret was leaked',
  outage: 'An outage was caused',
  lost_work: 'Work was lost',
};

export const CAUSE_WORDS: Readonly<Record<StayCause, string>> = {
  start: 'first start',
  person: 'set by hand',
  promotion: 'promotion',
  override: 'override',
  fall: 'fell by itself',
};

export const ALERT_WORDS: Readonly<Record<AlertKind, string>> = {
  service: 'Service',
  infrastructure: 'Infrastructure',
  resource: 'This machine',
  evaluation: 'Score',
  budget: 'Budget',
  question: 'Question',
  session: 'Session',
  promotion: 'Promotion',
  trust: 'Trust',
  other: 'News',
};
