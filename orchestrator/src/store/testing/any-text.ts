import fc from 'fast-check';

/** Any well-formed text, assigned characters or not. (fast-check's own 'binary' unit takes seconds to start.) */
export function anyText(longest: number): fc.Arbitrary<string> {
  const anywhere = fc.integer({ min: 0, max: 0x10f7ff }).map((point) => (point >= 0xd800 ? point + 0x800 : point));
  const lettersAndMarks = fc.integer({ min: 0x20, max: 0x30ff });
  return fc
    .array(fc.oneof(lettersAndMarks, anywhere), { maxLength: longest })
    .map((points) => String.fromCodePoint(...points));
}
