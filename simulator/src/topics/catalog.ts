import { randomInt } from 'node:crypto';
import type { Exchange } from '../exchange/exchange.ts';
import { attr, child, children, node, textOf } from '../wire/node.ts';
import type { BinaryNode } from '../wire/node.ts';
import type { Order, Product } from '../world-state/catalogs.ts';
import type { Person } from '../world/types.ts';
import { businessOf } from './business.ts';
import { Refusal, Silence } from './iq.ts';
import type { IqAnswer, IqRequest, IqRow } from './iq.ts';

/** What businesses sell, and what was ordered from them. */
export const CATALOG_ROWS: readonly IqRow[] = [
  { xmlns: 'w:biz:catalog', type: 'get', tag: 'product_catalog', answer: answering(readCatalog) },
  { xmlns: 'w:biz:catalog', type: 'get', tag: 'collections', answer: answering(readCollections) },
  { xmlns: 'w:biz:catalog', type: 'set', tag: 'product_catalog_add', answer: answering((request) => writeProduct(request, 'product_catalog_add')) },
  { xmlns: 'w:biz:catalog', type: 'set', tag: 'product_catalog_edit', answer: answering((request) => writeProduct(request, 'product_catalog_edit')) },
  { xmlns: 'w:biz:catalog', type: 'set', tag: 'product_catalog_delete', answer: answering(deleteProducts) },
  { xmlns: 'fb:thrift_iq', type: 'get', tag: 'order', answer: readOrder },
];

const DEFAULT_LIMIT = 10;

/** Catalogs can be switched to say nothing at all. */
function answering(answer: IqRow['answer']): IqRow['answer'] {
  return (request) => {
    if (!request.exchange.state.catalogs.answers) throw new Silence();
    return answer(request);
  };
}

function readCatalog({ exchange, child: asked }: IqRequest): IqAnswer {
  const shown = exchange.state.catalogs.of(businessOf(exchange, asked, 'jid')).filter(({ hidden }) => !hidden);
  const after = textOf(child(asked, 'after'));
  const start = after === '' ? 0 : shown.findIndex((product) => cursorOf(product) === after) + 1;
  const page = shown.slice(start, start + (Number(textOf(child(asked, 'limit'))) || DEFAULT_LIMIT));
  const last = page.at(-1);
  const more = last !== undefined && last !== shown.at(-1);
  const paging = more ? [node('paging', {}, [node('after', {}, cursorOf(last))])] : [];
  return [node('product_catalog', { jid: asked?.attrs['jid'] }, [...page.map(productNode), ...paging])];
}

/** The cursor of the page after a product. */
const cursorOf = ({ id }: Product): string => Buffer.from(`after ${id}`).toString('base64');

function productNode({ id, name, description, price, currency, retailerId, url, imageUrl, hidden }: Product): BinaryNode {
  const image = node('image', {}, [node('id', {}, id), node('request_image_url', {}, imageUrl), node('original_image_url', {}, imageUrl)]);
  return node('product', { is_hidden: hidden ? 'true' : undefined }, [
    node('id', {}, id),
    node('name', {}, name),
    node('description', {}, description),
    node('price', {}, String(price)),
    node('currency', {}, currency),
    node('retailer_id', {}, retailerId),
    node('url', {}, url),
    node('media', {}, [image]),
    node('status_info', {}, [node('status', {}, 'APPROVED'), node('can_appeal', {}, 'false')]),
  ]);
}

function readCollections({ exchange, child: asked }: IqRequest): IqAnswer {
  const business = businessOf(exchange, asked, 'biz_jid');
  const products = exchange.state.catalogs.of(business);
  const [shelves, items] = [limitIn(asked, 'collection_limit'), limitIn(asked, 'item_limit')];
  const collections = exchange.state.catalogs.collectionsOf(business).slice(0, shelves).map(({ id, name, productIds }) => {
    const held = products.filter((product) => productIds.includes(product.id) && !product.hidden).slice(0, items);
    return node('collection', {}, [node('id', {}, id), node('name', {}, name), ...held.map(productNode), node('status_info', {}, [node('status', {}, 'APPROVED')])]);
  });
  return [node('collections', {}, collections)];
}

function limitIn(asked: BinaryNode | undefined, tag: string): number {
  return Number(textOf(child(asked, tag))) || DEFAULT_LIMIT;
}

/** Only a business has products of its own to change. */
function own({ from }: IqRequest): Person {
  if (from.account.person.business === undefined) throw new Refusal(403, 'forbidden');
  return from.account.person;
}

function writeProduct(request: IqRequest, tag: 'product_catalog_add' | 'product_catalog_edit'): IqAnswer {
  const { catalogs } = request.exchange.state;
  const [person, given] = [own(request), child(request.child, 'product')];
  const id = tag === 'product_catalog_add' ? String(7_400_000_000 + randomInt(99_999_999)) : textOf(child(given, 'id'));
  const before = catalogs.of(person).find((product) => product.id === id);
  if (given === undefined || (tag === 'product_catalog_edit' && before === undefined)) throw new Refusal(404, 'item-not-found');
  const product = productFrom(given, before ?? { ...BLANK, id });
  catalogs.set(person, [...catalogs.of(person).filter((other) => other.id !== id), product]);
  return [node(tag, {}, [productNode(product)])];
}

const BLANK: Product = { id: '', name: '', description: '', price: 0, currency: '', retailerId: '', url: '', imageUrl: '', hidden: false };

function productFrom(given: BinaryNode, before: Product): Product {
  const text = (tag: string, otherwise: string): string => (child(given, tag) === undefined ? otherwise : textOf(child(given, tag)));
  const image = textOf(child(child(child(given, 'media'), 'image'), 'url'));
  return {
    ...before,
    name: text('name', before.name),
    description: text('description', before.description),
    price: Number(text('price', String(before.price))),
    currency: text('currency', before.currency),
    retailerId: text('retailer_id', before.retailerId),
    url: text('url', before.url),
    imageUrl: image === '' ? before.imageUrl : image,
    hidden: (attr(given, 'is_hidden') ?? String(before.hidden)) === 'true',
  };
}

function deleteProducts(request: IqRequest): IqAnswer {
  const { catalogs } = request.exchange.state;
  const person = own(request);
  const named = new Set(children(request.child, 'product').map((product) => textOf(child(product, 'id'))));
  const kept = catalogs.of(person).filter(({ id }) => !named.has(id));
  const count = catalogs.of(person).length - kept.length;
  catalogs.set(person, kept);
  return [node('product_catalog_delete', { deleted_count: count })];
}

/** 401: the token is not that of the order's message. */
function readOrder({ exchange, child: asked }: IqRequest): IqAnswer {
  const order = exchange.state.catalogs.order(attr(asked, 'id') ?? '');
  if (order === undefined) throw new Refusal(404, 'item-not-found');
  const token = textOf(child(asked, 'token'));
  if (token !== order.token) throw new Refusal(401, 'not-authorized');
  return [orderNode(exchange, order)];
}

function orderNode(exchange: Exchange, { id, createdAt, items, seller }: Order): BinaryNode {
  const total = items.reduce((sum, { product, quantity }) => sum + product.price * quantity, 0);
  const currency = items[0]?.product.currency ?? '';
  const price = [node('subtotal', {}, String(total)), node('total', {}, String(total)), node('currency', {}, currency), node('price_status', {}, 'final')];
  const lines = items.map(({ product, quantity }) => {
    const image = node('image', {}, [node('id', {}, product.id), node('url', {}, product.imageUrl)]);
    const texts = { id: product.id, name: product.name, price: String(product.price), currency: product.currency, quantity: String(quantity) };
    return node('product', {}, [...Object.entries(texts).map(([tag, value]) => node(tag, {}, value)), image]);
  });
  const catalog = node('catalog', {}, [node('id', {}, exchange.directory.accountOf(seller).person.pn)]);
  return node('order', { id, creation_ts: createdAt }, [node('price', {}, price), catalog, ...lines]);
}
