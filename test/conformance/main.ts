/** `make conformance [ONLY=text]`: prints the table; exits 1 where there is a gap, or a known failure that passes now. */
import { keyOf } from './case.ts';
import { report } from './report.ts';
import { run } from './run.ts';
import { isGap, isSurprise } from './verdict.ts';

const verdicts = await run({
  only: process.argv[2],
  told: ({ bridge, case: each, failure, milliseconds }) => process.stderr.write(`${failure === undefined ? 'pass' : 'FAIL'} ${bridge} ${keyOf(each)} (${milliseconds} ms)\n`),
});
process.stdout.write(report(verdicts));
process.exitCode = verdicts.some((each) => isGap(each) || isSurprise(each)) ? 1 : 0;
