import type { RestartRecord } from '../../../src/shared/contract/incidents.ts';
import type { Service } from '../../../src/shared/contract/services.ts';
import { START } from '../clock.ts';

/** A service as a screen gets it; up, unless said otherwise. */
export const service = (over: Partial<Service> = {}): Service => ({
  id: 'svc_web',
  name: 'Web',
  group: '',
  target: { kind: 'http', url: 'http://127.0.0.1:8080/health', method: 'GET', headers: {}, status: '200-299' },
  intervalMs: 60_000,
  timeoutMs: 10_000,
  downAfter: 3,
  upAfter: 2,
  retries: 0,
  conditions: [],
  restart: null,
  startupMs: 30_000,
  dependsOn: [],
  maintenance: [],
  source: 'person',
  state: 'up',
  confirmed: 'up',
  pending: null,
  since: START,
  last: { at: START, ok: true, ms: 12, detail: 'status 200' },
  certificateExpiresAt: null,
  flapping: false,
  inMaintenance: false,
  silencedBy: null,
  incidentId: null,
  restarting: null,
  createdAt: START,
  ...over,
});

export const restart = (over: Partial<RestartRecord> = {}): RestartRecord => ({
  id: 'rst_1',
  serviceId: 'svc_web',
  service: 'Web',
  incidentId: 'inc_1',
  state: 'proposed',
  action: 'docker restart web',
  by: 'Tenure',
  level: 'cautious',
  reason: 'At Cautious a restart is asked about.',
  budget: { service: 2, all: 2 },
  at: START,
  finishedAt: null,
  detail: null,
  ...over,
});
