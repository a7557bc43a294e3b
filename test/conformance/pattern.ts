/** Patterns of cases: placeholders that are filled in, and partial answers that are compared. */

export type Names = Readonly<Record<string, unknown>>;

const WHOLE = /^\$\{([^}]+)\}$/;
const PART = /\$\{([^}]+)\}/g;

/** The pattern with `${name.field}` replaced: the value itself where that is the whole string, its text elsewhere. Throws a RangeError on an unknown name. */
export function fill(pattern: unknown, names: Names): unknown {
  if (typeof pattern === 'string') {
    const whole = WHOLE.exec(pattern)?.[1];
    return whole === undefined ? pattern.replace(PART, (_, path: string) => String(lookUp(path, names))) : lookUp(whole, names);
  }
  if (Array.isArray(pattern)) return pattern.map((each) => fill(each, names));
  if (!isObject(pattern)) return pattern;
  return Object.fromEntries(Object.entries(pattern).map(([key, value]) => [String(fill(key, names)), fill(value, names)]));
}

function lookUp(path: string, names: Names): unknown {
  let found: unknown = names;
  for (const key of path.split('.')) found = isObject(found) || Array.isArray(found) ? (found as Record<string, unknown>)[key] : undefined;
  if (found === undefined) throw new RangeError(`nothing is called \${${path}} here; there are: ${Object.keys(names).join(', ')}`);
  return found;
}

type Compare = (wanted: unknown, found: unknown, path: string) => string[];

/** What a pattern can say beside a value. */
const relations: Readonly<Record<string, Compare>> = {
  $absent: (wanted, found, path) => ((found === undefined || found === null) === wanted ? [] : [`${path}: expected ${wanted === true ? 'nothing' : 'something'}, found ${show(found)}`]),
  $match: (wanted, found, path) => (new RegExp(String(wanted), 'u').test(typeof found === 'string' ? found : JSON.stringify(found ?? null)) ? [] : [`${path}: expected /${String(wanted)}/, found ${show(found)}`]),
  $contains: (wanted, found, path) => list(wanted).flatMap((each) => (list(found).some((one) => fits(each, one)) ? [] : [`${path}: expected ${show(each)} among ${show(found)}`])),
  $lacks: (wanted, found, path) => list(wanted).flatMap((each) => (list(found).some((one) => fits(each, one)) ? [`${path}: expected no ${show(each)}, found it in ${show(found)}`] : [])),
  $not: (wanted, found, path) => (fits(wanted, found) ? [`${path}: expected anything but ${show(wanted)}`] : []),
};

/**
 * Where an answer differs from a partial one; empty where it does not. Objects may hold more, lists may not, unless the
 * pattern says so: `$contains`, `$lacks`, `$match`, `$absent`, `$not`.
 */
export function differences(wanted: unknown, found: unknown, path = 'answer'): string[] {
  if (Array.isArray(wanted)) {
    if (!Array.isArray(found) || found.length !== wanted.length) return [`${path}: expected ${show(wanted)}, found ${show(found)}`];
    return wanted.flatMap((each, index) => differences(each, found[index], `${path}[${index}]`));
  }
  if (!isObject(wanted)) return Object.is(wanted, found) ? [] : [`${path}: expected ${show(wanted)}, found ${show(found)}`];
  return Object.entries(wanted).flatMap(([key, value]) => {
    const relation = relations[key];
    if (relation !== undefined) return relation(value, found, path);
    return differences(value, isObject(found) ? found[key] : undefined, `${path}.${key}`);
  });
}

const fits = (wanted: unknown, found: unknown): boolean => differences(wanted, found).length === 0;

const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);

const LONGEST = 400;

function show(value: unknown): string {
  const text = (JSON.stringify(value) as string | undefined) ?? 'nothing';
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
}
