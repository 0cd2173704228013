import { agentsBench } from './agents.ts';
import { decisionBench } from './decision.ts';
import { enginesBench } from './engines.ts';
import { gateBench } from './gate.ts';
import { idleBench } from './idle.ts';
import { ingestBench } from './ingest.ts';
import { journalBench } from './journal.ts';
import { launchBench } from './launch.ts';
import { ledgerBench } from './ledger.ts';
import { popoverBench } from './popover.ts';
import { probesBench } from './probes.ts';
import { transcriptBench } from './transcript.ts';
import { verdictBench } from './verdict.ts';

/** `npm run bench [ingest verdict engines decision gate journal ledger popover transcript idle]`: figures of this run only; compare the ratios. */
const benches = {
  journal: journalBench,
  ledger: ledgerBench,
  ingest: ingestBench,
  verdict: verdictBench,
  engines: enginesBench,
  decision: decisionBench,
  gate: gateBench,
  launch: launchBench,
  popover: popoverBench,
  transcript: transcriptBench,
  probes: probesBench,
  agents: agentsBench,
  idle: idleBench,
};

const wanted = process.argv.slice(2);
for (const [name, bench] of Object.entries(benches)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  console.log(`\n${name}`);
  for (const line of await bench()) console.log(`  ${line}`);
}
