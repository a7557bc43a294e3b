import { afterEach, beforeEach, expect, test } from 'vitest';
import { namedWorld } from '../src/index.ts';
import type { Phone } from '../src/index.ts';
import { Stage } from './fixtures/stage.ts';

let stage: Stage;
let shop: Phone;

beforeEach(async () => {
  stage = await Stage.open({ world: namedWorld('empty', { people: 5 }) });
  const business = [...stage.sim.world.people.values()].find((person) => person.business !== undefined)!;
  shop = stage.sim.phone(business.pn);
});

afterEach(async () => {
  const { unknown } = stage;
  await stage.close();
  expect(unknown).toEqual([]);
});

test('both clients read the profile of a business, and its verified name', async () => {
  const baileys = await stage.linkedBaileys();
  const whatsmeow = await stage.linkedWhatsmeow();
  const { business } = stage.sim.world.person(shop.pn)!;
  expect(await baileys.socket!.getBusinessProfile(shop.pn)).toMatchObject({
    wid: shop.pn, address: business!.address, description: business!.description, email: business!.email, website: [business!.website],
  });
  expect(await whatsmeow.call('GetBusinessProfile', shop.pn)).toMatchObject({ JID: shop.pn, Address: business!.address, BusinessHoursTimeZone: 'Europe/London' });
  // GetUserInfo reads the certificate too, but leaves it out of what it returns (whatsmeow user.go).
  expect(await whatsmeow.call('IsOnWhatsApp', [`+${shop.pn.replace(/@.*/, '')}`])).toMatchObject([{ IsIn: true, VerifiedName: { Details: { verifiedName: business!.verifiedName } } }]);
  expect(await baileys.socket!.getBusinessProfile(stage.friend.pn)).toBeUndefined();
});

test('Baileys pages through a catalog, reads its collections and an order', async () => {
  const { sim } = stage;
  const baileys = await stage.linkedBaileys();
  const whatsmeow = await stage.linkedWhatsmeow();
  const all = sim.state.catalogs.of(sim.world.person(shop.pn)!);
  const first = await baileys.socket!.getCatalog({ jid: shop.pn, limit: 7 });
  const rest = await baileys.socket!.getCatalog({ jid: shop.lid, limit: 7, cursor: first.nextPageCursor! });
  expect([...first.products, ...rest.products].map(({ id }) => id)).toEqual(all.map(({ id }) => id));
  expect(rest.nextPageCursor).toBeUndefined();
  expect(first.products[0]).toMatchObject({ name: all[0]!.name, price: all[0]!.price, currency: 'GBP', reviewStatus: { whatsapp: 'APPROVED' } });
  const { collections } = await baileys.socket!.getCollections(shop.pn);
  expect(collections.map(({ name, products }) => [name, products.length])).toEqual([['Every day', 6], ['To order', 6]]);

  const items = [{ product: all[0]!, quantity: 3 }, { product: all[3]!, quantity: 1 }];
  sim.state.catalogs.placeOrder({ id: '881', token: 'dG9rZW4=', seller: sim.world.person(shop.pn)!.id, createdAt: 1_795_000_000, items });
  const total = 3 * all[0]!.price + all[3]!.price;
  expect(await baileys.socket!.getOrderDetails('881', 'dG9rZW4=')).toMatchObject({ price: { total, currency: 'GBP' }, products: [{ quantity: 3 }, { quantity: 1 }] });
  expect(await whatsmeow.call('GetOrderDetails', '881', 'dG9rZW4=')).toMatchObject({ price: { total }, products: [{ quantity: 3 }, { quantity: 1 }] });
  await expect(baileys.socket!.getOrderDetails('881', 'ZmFsc2U=')).rejects.toThrow('not-authorized');
});

test('catalogs can be left without an answer', async () => {
  const { sim } = stage;
  const baileys = await stage.linkedBaileys({ defaultQueryTimeoutMs: 1_500 });
  sim.state.catalogs.answers = false;
  // Baileys takes the silence for an empty catalog once it has waited long enough (Socket/socket.js: waitForMessage).
  expect(await baileys.socket!.getCatalog({ jid: shop.pn })).toEqual({ products: [], nextPageCursor: undefined });
  sim.state.catalogs.answers = true;
  expect((await baileys.socket!.getCatalog({ jid: shop.pn })).products).toHaveLength(10);
});

test('a business changes its own profile and its own catalog', async () => {
  const { sim } = stage;
  sim.world.owner.business = { ...sim.world.person(shop.pn)!.business!, verifiedName: 'Rivera Repairs' };
  sim.state.catalogs.set(sim.world.owner, []);
  const { socket } = await stage.linkedBaileys();
  const draft = { name: 'Chain', description: 'Fits most', price: 12_000, currency: 'USD', originCountryCode: undefined, images: [{ url: 'https://mmg.whatsapp.net/v/chain' }] };
  const made = await socket!.productCreate(draft);
  expect(made).toMatchObject({ name: 'Chain', price: 12_000, currency: 'USD' });
  const changed = await socket!.productUpdate(made.id, { ...draft, price: 13_000 });
  expect(changed).toMatchObject({ id: made.id, price: 13_000 });
  expect(sim.state.catalogs.of(sim.world.owner)).toMatchObject([{ id: made.id, price: 13_000 }]);
  expect(await socket!.productDelete([made.id, 'none'])).toEqual({ deleted: 1 });
  expect(sim.state.catalogs.of(sim.world.owner)).toEqual([]);
  await socket!.updateBussinesProfile({ address: '3 Quay Street', websites: ['https://repairs.example'] });
  expect(sim.world.owner.business).toMatchObject({ address: '3 Quay Street', website: 'https://repairs.example' });
});
