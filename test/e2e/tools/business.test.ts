/** Toolset business: profile and goods of a shop, and a plain word where WhatsApp does not answer. */
import { expect } from 'vitest';
import { useStage } from './stage.ts';
import { tool } from './tool.ts';

const stage = useStage();

interface Shown {
  readonly id: string;
  readonly name: string;
  readonly price?: number;
}

const bakery = () => stage.phone('Millstone Bakery');
const person = () => stage.world.person(bakery().pn)!;
const goods = () => stage.sim.state.catalogs.of(person());

tool('get_business_profile', 'is what the shop tells about itself', async () => {
  const { description, address, email } = person().business!;
  expect(await stage.call('get_business_profile', { jid: bakery().pn })).toMatchObject({ jid: bakery().pn, description, address, email });
});

tool('get_business_catalog', 'all goods, page after page, at their price', async () => {
  const found: Shown[] = [];
  let cursor: string | undefined;
  do {
    const page: { products: readonly Shown[]; next_cursor?: string } = await stage.call('get_business_catalog', { jid: bakery().pn, limit: 5, ...(cursor !== undefined && { cursor }) });
    found.push(...page.products);
    cursor = page.next_cursor;
  } while (cursor !== undefined);
  expect(found.map(({ id, name, price }) => ({ id, name, price }))).toEqual(goods().map(({ id, name, price }) => ({ id, name, price: price / 1000 })));
});

tool('get_product_details', 'one of them', async () => {
  const wanted = goods()[3]!;
  const { product } = await stage.call<{ product: Shown & { description?: string } }>('get_product_details', { jid: bakery().pn, product_id: wanted.id });
  expect(product).toMatchObject({ id: wanted.id, name: wanted.name, description: wanted.description, price: wanted.price / 1000 });
});

tool('get_business_catalog', 'a named failure within 20 seconds where nothing comes', async () => {
  stage.sim.state.catalogs.answers = false;
  const start = performance.now();
  try {
    expect(await stage.failure('get_business_catalog', { jid: bakery().pn })).toMatchObject({ code: 'no_answer_from_whatsapp' });
  } finally {
    stage.sim.state.catalogs.answers = true;
  }
  expect(performance.now() - start).toBeLessThan(20_500);
});
