import type { Output } from '@whatsapp-mcp/contract';
import { z } from 'zod';
import type { Context } from '../context.ts';
import type { JsonObject } from '../json.ts';
import { resolvePerson } from '../recipient.ts';
import { shown } from '../store/display-text.ts';
import { tool } from '../tool.ts';
import { withNotice } from '../untrusted.ts';
import { limit, reference } from './arguments.ts';

const business = { toolset: 'business', effect: 'reads' } as const;

/** WhatsApp is known to leave catalog queries unanswered: nobody is kept waiting for longer. */
const CATALOG_MS = 19_000;

export const getBusinessProfile = tool({
  ...business,
  name: 'get_business_profile',
  title: 'Business profile',
  description: 'Address, description, hours and websites of a business.',
  route: 'business.profile',
  input: z.strictObject({ jid: reference }),
  examples: [{ jid: '15550100@s.whatsapp.net' }],
  run: async ({ jid: written }, context) => {
    const jid = await resolvePerson(context, written);
    return withNotice({ jid, ...(await context.ask('business.profile', { jid })) });
  },
});

export const getBusinessCatalog = tool({
  ...business,
  name: 'get_business_catalog',
  title: 'Business catalog',
  description: 'Products of a business, page by page.',
  route: 'business.catalog',
  input: z.strictObject({ jid: reference, limit: limit(100), cursor: z.string().max(2000).optional() }),
  examples: [{ jid: '15550100@s.whatsapp.net', limit: 10 }],
  run: async ({ jid: written, limit: most = 20, cursor }, context) => {
    const jid = await resolvePerson(context, written);
    const page = await context.ask('business.catalog', { jid, limit: most, ...(cursor !== undefined && { cursor }) }, { deadlineMs: CATALOG_MS });
    return withNotice({ jid, products: page.products.map(productView), ...(page.next_cursor !== undefined && { next_cursor: page.next_cursor }) });
  },
});

export const getProductDetails = tool({
  ...business,
  name: 'get_product_details',
  title: 'Product details',
  description: 'One product of a business.',
  route: 'business.product',
  input: z.strictObject({ jid: reference, product_id: z.string().min(1).max(200) }),
  examples: [{ jid: '15550100@s.whatsapp.net', product_id: '42' }],
  run: async ({ jid: written, product_id }, context: Context) => {
    const jid = await resolvePerson(context, written);
    const { product } = await context.ask('business.product', { jid, product_id }, { deadlineMs: CATALOG_MS });
    return withNotice({ jid, product: productView(product) });
  },
});

/** Prices come in thousandths; models reckon better with the price itself. */
function productView({ price, name, ...product }: Output<'business.product'>['product']): JsonObject {
  return { ...product, name: shown(name), ...(price !== undefined && { price: price / 1000 }) };
}
