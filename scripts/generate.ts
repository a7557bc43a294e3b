/**
 * The only writer of generated files. `make check` runs it and fails on any difference to what is committed.
 * Usage: node scripts/generate.ts
 */
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { docs } from './docs.ts';
import { goContract } from './go-contract.ts';
import { openApi } from './openapi.ts';

const root = join(import.meta.dirname, '..');
const contract = join(root, 'bridges/contract');
const goModule = join(root, 'bridges/go-whatsmeow');
const goPackage = join(goModule, 'internal/contract');

function write(path: string, text: string): void {
  writeFileSync(path, text.endsWith('\n') ? text : `${text}\n`);
}

/** go:embed cannot reach outside of its module, so the SQL that both languages share is copied into it. */
function copySql(): void {
  const target = join(goModule, 'internal/store/sql');
  rmSync(target, { recursive: true, force: true });
  for (const folder of ['migrations', 'merge']) {
    const source = join(contract, 'store', folder);
    if (!existsSync(source)) continue;
    mkdirSync(join(target, folder), { recursive: true });
    for (const name of readdirSync(source).filter((file) => file.endsWith('.sql'))) cpSync(join(source, name), join(target, folder, name));
  }
}

function generateGo(document: string): void {
  mkdirSync(goPackage, { recursive: true });
  write(join(goPackage, 'openapi.json'), document);
  const sources = goContract();
  for (const [name, source] of Object.entries(sources)) write(join(goPackage, name), source);
  execFileSync(
    'go',
    ['tool', 'oapi-codegen', '-config', join(root, 'scripts/oapi-codegen.yaml'), '-o', join(goPackage, 'types_gen.go'), join(goPackage, 'openapi.json')],
    { cwd: join(root, 'tools/go'), stdio: ['ignore', 'inherit', 'inherit'] },
  );
  execFileSync('gofmt', ['-w', ...Object.keys(sources).map((name) => join(goPackage, name))], { stdio: ['ignore', 'inherit', 'inherit'] });
}

const document = JSON.stringify(openApi(), null, 2);
write(join(contract, 'openapi.json'), document);
copySql();
generateGo(document);
for (const [name, text] of Object.entries(docs())) write(join(root, 'docs', name), text);
