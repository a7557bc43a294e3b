/** Entry. What hosts wait for at their start is mostly parsing, so code is kept compiled from one start to the next. */
import { enableCompileCache } from 'node:module';

enableCompileCache();
await import('./command.ts');
