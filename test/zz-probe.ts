const { System } = await import('./harness/system.ts');
import { worldOf, specOf } from 'wa-sim';
import Database from 'better-sqlite3';
const world = worldOf(specOf('demo', { totalMessages: 2000 }));
const system = await System.start({ world, env: { WHATSAPP_BAILEYS: 'always' } });
try {
  const host = await system.host();
  await system.pair(host,'whatsmeow'); await system.pair(host,'baileys');
  for (let i=0;i<40;i++){ const n=(system.query('select count(*) n from messages')[0] as any)?.n; if(n>=1930) break; await new Promise(r=>setTimeout(r,500)); }
  const s=await host.raw('sync_history_to_database'); console.log(JSON.stringify(s.structuredContent));
  const db=new Database(system.dataDir+'/baileys_temp.db',{readonly:true});
  console.log(db.prepare("select name from sqlite_master where type='table'").pluck().all());
  const rf=await host.raw('retrieve_full_history',{wait_seconds:30}); console.log(JSON.stringify(rf.structuredContent));
  console.log(JSON.stringify(system.query("select c.*, (select count(*) from messages m where m.chat_jid=c.chat_jid) n, (select group_concat(distinct substr(id,1,4)) from messages m where m.chat_jid=c.chat_jid) ids from sync_chat_state c where state<>'complete'")));
  console.log(host.tail());
} finally { await system.close(); }
