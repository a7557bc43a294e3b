import { describe, expect, it } from 'vitest';
import { specOf, worldOf } from '../world/index.ts';
import { pushHistory } from './push.ts';

const DAY = 86_400;

describe('a phone that hands over part of its history', () => {
  const world = worldOf(specOf('crowd', { totalMessages: 2_000, directChats: 6, groups: 2, people: 12 }));
  const oldestOf = (fullDays: number): number =>
    Math.min(...[...pushHistory(world, { requireFullSync: true, bootstrapPerChat: 1, recentDays: 30, fullDays })].map(({ oldestTimestamp }) => oldestTimestamp ?? Infinity));

  it('goes back as many days as it is told to', () => {
    expect(oldestOf(200)).toBeGreaterThanOrEqual(world.spec.baseTime - 200 * DAY);
    expect(oldestOf(Infinity)).toBeLessThan(world.spec.baseTime - 200 * DAY);
  });

  it('says that more remains on the phone', () => {
    const ends = [...pushHistory(world, { requireFullSync: true, fullDays: 100 })].flatMap(({ history }) => history.conversations ?? []).map((conversation) => conversation.endOfHistoryTransferType);
    expect(ends).toContain(0);
    expect([...pushHistory(world, { requireFullSync: true })].flatMap(({ history }) => history.conversations ?? []).map((conversation) => conversation.endOfHistoryTransferType)).not.toContain(0);
  });
});
