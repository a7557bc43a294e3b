/** Text that other people wrote is data: a result that holds any says so. */
import { UNTRUSTED_NOTICE } from './store/display-text.ts';

/** Adds the mark and the notice to a result that holds text of other people. */
export function withNotice<Result extends object>(result: Result): Result & { readonly untrusted: true; readonly notice: string } {
  return { ...result, untrusted: true, notice: UNTRUSTED_NOTICE };
}
