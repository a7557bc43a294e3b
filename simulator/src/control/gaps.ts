/** The same without the fields that are undefined, which an exact optional property does not take. */
export function withoutGaps<Given extends object>(given: Given): { [Key in keyof Given]: Exclude<Given[Key], undefined> } {
  const kept = Object.entries(given).filter(([, value]) => value !== undefined);
  return Object.fromEntries(kept) as { [Key in keyof Given]: Exclude<Given[Key], undefined> };
}
