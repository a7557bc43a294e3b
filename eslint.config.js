import js from '@eslint/js';
import { defineConfig, globalIgnores } from 'eslint/config';
import tseslint from 'typescript-eslint';

/** Files that talk to a person on a terminal: their stdout is asked for. */
const terminals = ['**/cli.ts', '**/cli/**/*.ts', 'orchestrator/src/up/**/*.ts', 'test/demo/**/*.ts', 'test/bench/**/*.ts', 'scripts/**/*.ts'];

/** Where environment variables become settings; everything else gets them as arguments. */
const settingsReaders = ['**/config.ts', '**/main.ts', '**/cli.ts', 'orchestrator/src/up/supervisor.ts', 'test/**/*.ts', 'scripts/**/*.ts', 'vitest.config.ts'];

const tests = ['**/*.test.ts', 'test/**/*.ts', '**/test/**/*.ts', '**/testing/**/*.ts'];

const houseSyntax = [
  {
    selector: "CallExpression[callee.property.name='split'] > Literal[value='@']",
    message: 'A JID has a device, an agent and a server: use the JID functions, never split it by hand.',
  },
  {
    selector: "CallExpression[callee.object.name=/^(it|test|describe)$/][callee.property.name=/^(skip|only|todo|fails)$/]",
    message: 'Every test runs. What cannot be had is a named failure, documented and tested as one.',
  },
];

const readsEnvironment = {
  selector: "MemberExpression[object.name='process'][property.name='env']",
  message: 'Only settings readers see the environment; take the value as an argument.',
};

export default defineConfig(
  globalIgnores(['**/node_modules/', '**/dist/', 'coverage/', 'bridges/go-whatsmeow/', 'tools/']),
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  {
    files: ['**/*.ts'],
    extends: [js.configs.recommended, tseslint.configs.strictTypeChecked],
    languageOptions: { parserOptions: { projectService: { allowDefaultProject: ['simulator/vitest.config.ts'] }, tsconfigRootDir: import.meta.dirname } },
    rules: {
      'max-lines-per-function': ['error', { max: 50, skipBlankLines: true, skipComments: true }],
      'max-lines': ['error', { max: 350, skipBlankLines: true, skipComments: true }],
      'max-params': ['error', 4],
      'max-depth': ['error', 3],
      'no-console': 'error',
      'no-empty': ['error', { allowEmptyCatch: false }],
      'no-restricted-syntax': ['error', ...houseSyntax, readsEnvironment],
      // == null asks for null and undefined at once.
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      // Numbers and booleans read well in a message; objects and undefined do not.
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      // `() => stop()` as a callback is the shortest form there is.
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      // Objects here are closures made by functions: their methods have no `this` to lose.
      '@typescript-eslint/unbound-method': 'off',
      // A handler may be async because its siblings are.
      '@typescript-eslint/require-await': 'off',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_', ignoreRestSiblings: true }],
    },
  },
  { files: terminals, rules: { 'no-console': 'off' } },
  { files: settingsReaders, rules: { 'no-restricted-syntax': ['error', ...houseSyntax] } },
  {
    files: tests,
    rules: {
      // A describe block is a list of tests, a scenario a list of steps: neither is read as one function.
      'max-lines-per-function': ['error', { max: 200, skipBlankLines: true, skipComments: true }],
      // A test may assert that a value is there by using it: a wrong guess fails the test.
      '@typescript-eslint/no-non-null-assertion': 'off',
    },
  },
);
