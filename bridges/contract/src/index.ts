/** What every bridge speaks, declared once. */
import type { z } from 'zod';
import { account } from './operations/account.ts';
import { chats } from './operations/chats.ts';
import { contacts } from './operations/contacts.ts';
import { groups } from './operations/groups.ts';
import { history } from './operations/history.ts';
import { messages } from './operations/messages.ts';
import { session } from './operations/session.ts';
import type { Bridge, Operation } from './operation.ts';

export const operations = { ...session, ...messages, ...chats, ...contacts, ...groups, ...account, ...history } as const satisfies Record<
  string,
  Operation
>;

export type Operations = typeof operations;
export type OperationName = keyof Operations;

export const operationNames = Object.keys(operations) as OperationName[];

/** Input as the caller writes it, and output as the bridge answers, of an operation. */
export type Input<Name extends OperationName> = z.infer<Operations[Name]['input']>;
export type Output<Name extends OperationName> = z.infer<Operations[Name]['output']>;

/** Names of the operations that a bridge serves. */
export type ServedBy<B extends Bridge> = {
  [Name in OperationName]: B extends Operations[Name]['bridges'][number] ? Name : never;
}[OperationName];

/** A bridge's handlers: one for every operation that it serves, no other. A missing one does not compile. */
export type Handlers<B extends Bridge> = {
  readonly [Name in ServedBy<B>]: (input: Input<Name>, signal: AbortSignal) => Promise<Output<Name>>;
};

export * from './envelope.ts';
export * from './events.ts';
export * from './failures.ts';
export * from './files.ts';
export * from './nouns.ts';
export * from './operation.ts';
export * from './records.ts';
export * from './settings.ts';
export * from './status.ts';
export { GroupInfo } from './operations/groups.ts';
export { privacySettings, privacyValues } from './operations/account.ts';
