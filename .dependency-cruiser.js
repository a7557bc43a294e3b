/** Which folder may import which. Everything points one way: see docs/architecture.md. */

const baileys = 'node_modules/@whiskeysockets/';
const mcpSdk = 'node_modules/@modelcontextprotocol/';
const ours = '^(bridges|orchestrator|simulator|test|scripts)/';
const tests = '[.]test[.]ts$|/testing/|/test/';

/** A rule that forbids an import; `comment` is printed where it is broken. */
const forbid = (name, comment, from, to) => ({ name, comment, severity: 'error', from, to });

export default {
  forbidden: [
    forbid('no-circles', 'Files that need each other are one file, or hide a third.', {}, {
      circular: true,
      viaOnly: { dependencyTypesNot: ['type-only'] },
    }),
    forbid('resolvable', 'The imported file or package does not exist, or is not in package.json.', {}, { couldNotResolve: true }),
    forbid(
      'no-test-code-in-products',
      'Programs do not import tests.',
      { path: ours, pathNot: `${tests}|^test/` },
      { path: '^test/|[.]test[.]ts$' },
    ),
    forbid('simulator-stands-alone', 'The simulator is a product of its own: it imports nothing of ours.', { path: '^simulator/' }, {
      path: '^(bridges|orchestrator|test|scripts)/',
    }),
    forbid('contract-needs-zod-only', 'The contract imports zod and nothing else.', { path: '^bridges/contract/src/', pathNot: tests }, {
      path: '^(bridges/(?!contract)|orchestrator|simulator|test|scripts)/|node_modules/(?!zod/)',
    }),
    forbid('bridge-needs-contract-only', 'A bridge knows the contract, not who calls it.', { path: '^bridges/baileys/', pathNot: tests }, {
      path: '^(orchestrator|simulator|test|scripts)/',
    }),
    forbid('orchestrator-needs-no-bridge', 'The orchestrator reaches bridges over HTTP.', { path: '^orchestrator/', pathNot: tests }, {
      path: '^(bridges/baileys|simulator|test|scripts)/',
    }),
    forbid('routing-knows-no-tools', 'Routing depends on the contract only.', { path: '^orchestrator/routing/', pathNot: tests }, {
      path: '^orchestrator/(sync|src/(tools|surfaces|store|up))/',
    }),
    forbid('sync-knows-no-tools', 'The sync engine depends on the contract and the store.', { path: '^orchestrator/sync/', pathNot: `${tests}|/cli` }, {
      path: '^orchestrator/(routing|src/(tools|surfaces|up))/',
    }),
    forbid('only-the-session-and-convert-import-baileys', 'Baileys stays behind src/session and src/convert.', {
      path: '^(bridges|orchestrator|test)/',
      pathNot: `^bridges/baileys/src/(session|convert)|^bridges/contract/cases/|${tests}`,
    }, { path: baileys }),
    forbid('only-one-surface-imports-the-mcp-sdk', 'The SDK stays in one file, so that its next major version is one change.', {
      path: '^(bridges|orchestrator)/',
      pathNot: `^orchestrator/src/surfaces/mcp|${tests}`,
    }, { path: mcpSdk }),
    forbid('product-code-needs-products-dependencies', 'A program imports what its own package.json lists under dependencies.', {
      path: '^(bridges|orchestrator|simulator)/',
      pathNot: `${tests}|[.]config[.]ts$|^bridges/contract/cases/`,
    }, { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'], dependencyTypesNot: ['type-only'] }),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^tools/|[.]mjs$' },
    tsPreCompilationDeps: true,
    combinedDependencies: true,
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'types', 'default'], extensions: ['.ts', '.js', '.mjs', '.json'] },
  },
};
