import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  interface ProvidedContext {
    whatsmeowBinary: string;
  }
}

/** Builds the Go client once for all test files; Go keeps its own cache of what has not changed. */
export default function buildWhatsmeow(project: TestProject): () => void {
  const folder = mkdtempSync(join(tmpdir(), 'wa-sim-whatsmeow-'));
  const binary = join(folder, 'whatsmeow-client');
  execFileSync('go', ['build', '-o', binary, '.'], { cwd: join(import.meta.dirname, 'whatsmeow'), stdio: ['ignore', 'ignore', 'inherit'] });
  project.provide('whatsmeowBinary', binary);
  return () => rmSync(folder, { recursive: true, force: true });
}
