// A simple agent: the adjuster of the insurance claims that `flotilla demo --leave Triage --leave Decide` runs.

import { Worker } from '@flotilla/agents';

/** Up to this amount nobody looks twice. */
const SMALL = 5_000;
/** From this amount on somebody looks thrice. */
const LARGE = 60_000;

const worker = new Worker({ agent: 'adjuster-in-typescript', concurrency: 4 });

/** Decides how closely a claim is looked at. */
worker.handle('Triage', (item) => {
  const claimed = item.input.numberOf('Claimed');
  let track = claimed <= SMALL ? 'fast' : 'standard';
  if (item.input.booleanOf('Injury')) track = 'complex';
  if (claimed >= LARGE) track = 'suspicious';
  console.log(`case ${item.case}: ${claimed} claimed, ${track}`);
  return { Track: track };
});

/** Decides whether a claim is paid: not for what another one is liable for, and no more than the policy's limit. */
worker.handle('Decide', ({ case: id, input }) => {
  const liable = input.get('Reports').all('Report').map((report) => report.numberOf('OtherLiable'));
  const estimates = input.get('Assessments').all('Assessment').map((assessment) => assessment.numberOf('Estimate'));
  const total = estimates.reduce((sum, estimate) => sum + estimate, 0);
  let decision = total > input.get('Policy').numberOf('Limit') ? 'pay in part' : 'pay';
  if (liable.includes(100)) decision = 'reject';
  console.log(`case ${id}: ${decision}`);
  return { Decision: decision };
});

await worker.run();
