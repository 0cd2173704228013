import { parseArgs } from 'node:util';
import { CASES } from './cases.ts';
import { type CaseResult, exitCodeOf, runCase } from './golden.ts';

/** `npm run eval [-- --repeat 3 --json word…]`: the recorded sessions, through the real evaluator. */
const { values, positionals } = parseArgs({
  options: { repeat: { type: 'string', default: '1' }, json: { type: 'boolean', default: false } },
  allowPositionals: true,
});
const repeat = Number(values.repeat);
if (!Number.isInteger(repeat) || repeat < 1) {
  console.error(`--repeat takes a whole number from 1 on, but got "${values.repeat}".`);
  process.exit(2);
}
const wanted = CASES.filter(({ name }) => positionals.every((word) => name.includes(word)));
const results: CaseResult[] = [];
for (const golden of wanted) {
  const result = await runCase(golden, repeat);
  results.push(result);
  if (values.json) continue;
  const scores = result.scores.map((score) => score ?? '–').join(' ');
  console.log(
    `${result.problems.length === 0 ? 'ok  ' : 'FAIL'}  ${result.verdict.padEnd(13)}  ${scores}  ${result.name}`,
  );
  for (const problem of result.problems) console.log(`      ${problem}`);
}
if (values.json) console.log(JSON.stringify(results, null, 2));
else if (results.length === 0) console.log('No case was run, which is not a pass.');
else {
  const failed = results.filter(({ problems }) => problems.length > 0).length;
  console.log(`${results.length - failed} of ${results.length} cases as expected.`);
}
process.exitCode = exitCodeOf(results);
