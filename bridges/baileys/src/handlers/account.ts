/** Privacy, businesses and their catalogs. */
import type { Output } from '@whatsapp-mcp/contract';
import { Failure } from '@whatsapp-mcp/contract';
import { filled, textOf } from '../convert/values.ts';
import { child, children, inquire, textIn, WHATSAPP } from '../session/nodes.ts';
import type { BinaryNode } from '../session/nodes.ts';
import type { Socket } from '../session/socket.ts';
import type { Context, Some } from './context.ts';
import { ask } from './context.ts';

type Names = 'privacy.get' | 'privacy.set' | 'business.profile' | 'business.catalog' | 'business.product';
type Product = Output<'business.product'>['product'];

/** Since mid-2026 WhatsApp leaves catalog questions unanswered; nobody waits for the whole deadline. */
const CATALOG_WITHIN_MS = 15_000;
/** A product is looked for on so many pages of a hundred. */
const MAX_PAGES = 20;

export function accountHandlers(context: Context): Some<Names> {
  return {
    'privacy.get': async (_input, signal) => {
      const settings = await ask(context, signal, 'nothing', (socket) => socket.fetchPrivacySettings(true));
      return { settings: Object.entries(settings).map(([name, value]) => ({ name, value })) };
    },
    'privacy.set': async ({ name, value }, signal) => {
      await ask(context, signal, 'nothing', (socket) => setPrivacy(socket, name, value));
      return {};
    },
    'business.profile': async ({ jid }, signal) => profileOf(await ask(context, signal, 'nothing', (socket) => askProfile(socket, jid))),
    'business.catalog': async ({ jid, limit, cursor }, signal) => {
      const { products, nextPageCursor } = await askCatalog(context, signal, { jid, limit: limit ?? 10, cursor });
      return { products: products.map(productOf), ...filled({ next_cursor: textOf(nextPageCursor, 2000) }) };
    },
    'business.product': async ({ jid, product_id }, signal) => {
      let cursor: string | undefined;
      for (let page = 0; page < MAX_PAGES; page += 1) {
        const { products, nextPageCursor } = await askCatalog(context, signal, { jid, limit: 100, cursor });
        const found = products.find(({ id }) => id === product_id);
        if (found !== undefined) return { product: productOf(found) };
        if (nextPageCursor === undefined || nextPageCursor === '') break;
        cursor = nextPageCursor;
      }
      throw new Failure('not_found', `The catalog of ${jid} has no product ${product_id}.`);
    },
  };
}

async function setPrivacy(socket: Socket, name: string, value: string): Promise<void> {
  const category = { tag: 'category', attrs: { name, value } };
  await inquire(socket, { xmlns: 'privacy', to: WHATSAPP, type: 'set' }, { tag: 'privacy', attrs: {}, content: [category] });
}

/** Baileys' getBusinessProfile drops all but one category and all but one kind of hours. */
async function askProfile(socket: Socket, jid: string): Promise<BinaryNode> {
  const profile = { tag: 'profile', attrs: { jid } };
  return inquire(socket, { to: WHATSAPP, xmlns: 'w:biz', type: 'get' }, { tag: 'business_profile', attrs: { v: '244' }, content: [profile] });
}

function profileOf(answer: BinaryNode): Output<'business.profile'> {
  const profile = child(child(answer, 'business_profile'), 'profile');
  const texts = (tag: string, max: number) => children(profile, tag).flatMap((node) => textOf(textIn(node), max) ?? []);
  const hours = child(profile, 'business_hours');
  const categories = children(child(profile, 'categories'), 'category').flatMap((node) => textOf(textIn(node), 500) ?? []);
  const told = filled({
    address: texts('address', 2000)[0],
    description: texts('description', 10_000)[0],
    email: texts('email', 500)[0],
    timezone: textOf(hours?.attrs['timezone'], 80),
  });
  return {
    is_business: profile !== undefined && (Object.keys(told).length > 0 || categories.length > 0 || child(profile, 'profile_options') !== undefined),
    ...told,
    websites: texts('website', 2000).slice(0, 10),
    categories: categories.slice(0, 20),
    hours: children(hours, 'business_hours_config')
      .slice(0, 21)
      .map(({ attrs }) => ({
        day: attrs['day_of_week'] ?? '',
        mode: attrs['mode'] ?? '',
        ...filled({ open: attrs['open_time'], close: attrs['close_time'] }),
      })),
  };
}

interface CatalogQuestion {
  readonly jid: string;
  readonly limit: number;
  readonly cursor: string | undefined;
}

type Catalog = Awaited<ReturnType<Socket['getCatalog']>>;

async function askCatalog(context: Context, signal: AbortSignal, { jid, limit, cursor }: CatalogQuestion): Promise<Catalog> {
  const silence = new Failure('no_answer_from_whatsapp', `WhatsApp did not answer the question for the catalog of ${jid} within ${CATALOG_WITHIN_MS} ms.`);
  return ask(context, signal, 'nothing', async (socket) => {
    const { promise: late, reject } = Promise.withResolvers<never>();
    const timer = setTimeout(() => reject(silence), CATALOG_WITHIN_MS);
    try {
      return await Promise.race([socket.getCatalog({ jid, limit, ...(cursor !== undefined && { cursor }) }), late]);
    } finally {
      clearTimeout(timer);
    }
  });
}

function productOf(product: Catalog['products'][number]): Product {
  return {
    id: product.id,
    name: textOf(product.name, 1000) ?? '',
    ...filled({
      description: textOf(product.description, 10_000),
      price: Number.isFinite(product.price) ? product.price : undefined,
      currency: textOf(product.currency, 8),
      url: textOf(product.url, 4096),
      retailer_id: textOf(product.retailerId, 200),
      availability: textOf(product.availability, 40),
    }),
    hidden: product.isHidden ?? false,
    image_urls: Object.values(product.imageUrls).filter((url) => url !== '').map((url) => url.slice(0, 4096)).slice(0, 20),
  };
}
