/**
 * A conversation between an MCP client and a simulated WhatsApp, through the real whatsmeow and the real Baileys.
 * Exits 0 when every step came out as promised, else 1 with the step that did not. Leaves nothing running.
 */
import { System } from '../harness/system.ts';
import { seconds, play, StepFailure } from './stage.ts';
import type { Played } from './stage.ts';
import { steps } from './steps.ts';
import type { Show } from './steps.ts';
import { demoWorld, OFFERED_DAYS } from './world.ts';

const print = (line: string): void => console.log(line);

function printSummary(show: Show, played: readonly Played[], startedMs: number): void {
  const { totals } = show;
  print('\nIn numbers');
  print(`   ${totals.messages} messages in ${totals.chats} chats came into messages.db, each compared with the phone`);
  print(`   ${totals.sent} messages sent, each decrypted once on the other phone; ${totals.received} received`);
  for (const { title, ms } of played) print(`   ${seconds(ms).padStart(8)}  ${title}`);
  print(`   ${seconds(startedMs + played.reduce((sum, { ms }) => sum + ms, 0)).padStart(8)}  together`);
}

async function main(): Promise<void> {
  print('A simulated WhatsApp, both bridges and an MCP client; no phone, no account, nothing leaves this machine.');
  const start = performance.now();
  const system = await System.start({ world: demoWorld() });
  // Phones keep what is older than a year or so until they are asked for it.
  system.simulator.owner.offerHistory({ fullDays: OFFERED_DAYS });
  const interrupted = new Promise<never>((_, reject) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => reject(new Error(`interrupted by ${signal}`)));
  });
  try {
    const host = await system.host();
    const startedMs = performance.now() - start;
    const show: Show = { system, host, totals: { messages: 0, chats: 0, sent: 0, received: 0 } };
    const played = await Promise.race([play(steps, show, print), interrupted]);
    printSummary(show, played, startedMs);
  } catch (error) {
    print(`\n${error instanceof Error ? error.message : String(error)}`);
    if (error instanceof StepFailure) print(`\nThe logs end:\n${system.logs()}`);
    process.exitCode = 1;
  } finally {
    await system.close();
  }
}

await main();
