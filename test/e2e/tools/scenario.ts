/**
 * Reads the scenarios of a document. A scenario is a `###` heading; below it stand fenced JSON blocks:
 * - `json call`: a tool and its arguments;
 * - `json answer`: what comes back, in part; text like `<poll>` that stands alone for a value gives it a name;
 * - `json event`: what somebody else does meanwhile, `{ "from": name, "text": … }`, in `"to"` (a group) or to the account;
 * - `json phone`: what is then on the phone of somebody, `{ "of": name, … }`, in part.
 * A name in angle brackets stands for that value from then on.
 */
export interface Scenario {
  readonly title: string;
  readonly steps: readonly Step[];
}

export type Step =
  | { readonly kind: 'call'; readonly body: { readonly tool: string; readonly arguments: object } }
  | { readonly kind: 'answer'; readonly body: object }
  | { readonly kind: 'event'; readonly body: { readonly from: string; readonly to?: string; readonly text: string; readonly as?: string } }
  | { readonly kind: 'phone'; readonly body: { readonly of: string } & Record<string, unknown> };

const HEADING = /^### (?:\d+\. )?(.+)$/gm;
const BLOCK = /^```json (call|answer|event|phone)\n([^]*?)^```$/gm;

/** Throws a SyntaxError that names the scenario whose block is not JSON. */
export function scenariosOf(markdown: string): Scenario[] {
  const headings = [...markdown.matchAll(HEADING)];
  return headings.map((heading, index) => {
    const title = heading[1]!;
    const section = markdown.slice(heading.index, headings[index + 1]?.index);
    return { title, steps: [...section.matchAll(BLOCK)].map(([, kind, body]) => stepOf(title, kind!, body!)) };
  });
}

function stepOf(title: string, kind: string, body: string): Step {
  try {
    const parsed: unknown = JSON.parse(body);
    return { kind, body: parsed } as Step;
  } catch (error) {
    throw new SyntaxError(`"${title}": a block "json ${kind}" is not JSON: ${(error as Error).message}`, { cause: error });
  }
}

const NAME = /<([a-z_]+)>/g;

/** The value with every known name replaced by what it stands for. */
export function filled(value: unknown, names: ReadonlyMap<string, string>): unknown {
  if (typeof value === 'string') return value.replace(NAME, (whole, name: string) => names.get(name) ?? whole);
  if (Array.isArray(value)) return value.map((item) => filled(item, names));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, filled(item, names)]));
}

/** Gives the values that stand where `expected` has an unknown name, and says where `came` is otherwise; undefined: nowhere. */
export function compare(expected: unknown, came: unknown, names: Map<string, string>, path = 'answer'): string | undefined {
  if (typeof expected === 'string') return compareText(expected, came, names, path);
  if (Array.isArray(expected)) {
    if (!Array.isArray(came) || came.length < expected.length) return `${path}: expected a list of ${expected.length} or more, came ${JSON.stringify(came)}`;
    return expected.map((item, index) => compare(item, came[index], names, `${path}[${index}]`)).find((wrong) => wrong !== undefined);
  }
  if (typeof expected === 'object' && expected !== null) {
    if (typeof came !== 'object' || came === null) return `${path}: expected an object, came ${JSON.stringify(came)}`;
    return Object.entries(expected).map(([key, item]) => compare(item, (came as Record<string, unknown>)[key], names, `${path}.${key}`)).find((wrong) => wrong !== undefined);
  }
  return expected === came ? undefined : `${path}: expected ${JSON.stringify(expected)}, came ${JSON.stringify(came)}`;
}

/** A lone unknown name takes the value; an ellipsis stands for any text. */
function compareText(expected: string, came: unknown, names: Map<string, string>, path: string): string | undefined {
  const text = String(filled(expected, names));
  const [, name] = /^<([a-z_]+)>$/.exec(text) ?? [];
  if (name !== undefined && came != null) {
    names.set(name, typeof came === 'string' ? came : JSON.stringify(came));
    return undefined;
  }
  const parts = text.split('…').map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return typeof came === 'string' && new RegExp(`^${parts.join('[^]*')}$`).test(came) ? undefined : `${path}: expected ${JSON.stringify(text)}, came ${JSON.stringify(came)}`;
}
