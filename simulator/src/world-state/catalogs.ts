import { sampleOf } from '../media/samples/index.ts';
import type { BlobStore } from '../media/index.ts';
import type { Person, PersonId } from '../world/types.ts';

/** Something a business sells. */
export interface Product {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  /** Thousandths of the currency, as WhatsApp counts. */
  readonly price: number;
  readonly currency: string;
  readonly retailerId: string;
  readonly url: string;
  readonly imageUrl: string;
  readonly hidden: boolean;
}

export interface Collection {
  readonly id: string;
  readonly name: string;
  readonly productIds: readonly string[];
}

/** What somebody ordered from a catalog; its message carries id and token. */
export interface Order {
  readonly id: string;
  /** As the message carries it: base64. */
  readonly token: string;
  readonly seller: PersonId;
  /** Epoch seconds. */
  readonly createdAt: number;
  readonly items: readonly { readonly product: Product; readonly quantity: number }[];
}

/** What every business of the world sells at first: name, price in thousandths, description. */
const GOODS: readonly (readonly [string, number, string])[] = [
  ['Country sourdough', 4_800, 'Slow dough, dark crust. 900 g.'],
  ['Seeded rye', 5_200, 'Rye with sunflower and linseed. 1 kg.'],
  ['Baguette', 2_100, 'Twice a day, at seven and at three.'],
  ['Cardamom bun', 2_600, 'Best on the day.'],
  ['Cinnamon knot', 2_600, 'Best on the day.'],
  ['Almond croissant', 3_400, 'From Friday to Sunday.'],
  ['Apple tart', 18_000, 'For eight. Order the day before.'],
  ['Lemon cake', 16_500, 'For eight. Order the day before.'],
  ['Granola', 7_900, 'Oats, honey, hazelnuts. 500 g.'],
  ['Gift box', 24_000, 'Bread, granola and jam.'],
  ['Starter culture', 3_000, 'With instructions. It is alive.'],
  ['Baking course', 65_000, 'A Saturday morning, for one.'],
];

/** The shop windows of businesses. */
export class CatalogBook {
  /** Set to false to leave catalog requests unanswered, as WhatsApp was seen to do. */
  answers = true;
  private readonly blobs: BlobStore;
  private readonly products = new Map<PersonId, Product[]>();
  private readonly collections = new Map<PersonId, Collection[]>();
  private readonly orders = new Map<string, Order>();

  constructor(blobs: BlobStore) {
    this.blobs = blobs;
  }

  /** Empty for who is no business. */
  of(person: Person): readonly Product[] {
    const known = this.products.get(person.id);
    if (known !== undefined || person.business === undefined) return known ?? [];
    const made = GOODS.map(([name, price, description], index) => this.make({ id: `${7_300_000_000 + index}`, name, price, description, index }));
    this.products.set(person.id, made);
    return made;
  }

  set(person: Person, products: readonly Product[]): void {
    this.products.set(person.id, [...products]);
  }

  /** Two shelves, unless others were put up. */
  collectionsOf(person: Person): readonly Collection[] {
    const ids = this.of(person).map(({ id }) => id);
    if (ids.length === 0) return [];
    const half = Math.ceil(ids.length / 2);
    const usual = [
      { id: '510001', name: 'Every day', productIds: ids.slice(0, half) },
      { id: '510002', name: 'To order', productIds: ids.slice(half) },
    ];
    return this.collections.get(person.id) ?? usual;
  }

  setCollections(person: Person, collections: readonly Collection[]): void {
    this.collections.set(person.id, [...collections]);
  }

  placeOrder(order: Order): void {
    this.orders.set(order.id, order);
  }

  order(id: string): Order | undefined {
    return this.orders.get(id);
  }

  private make({ index, ...given }: { id: string; name: string; price: number; description: string; index: number }): Product {
    const { directPath } = this.blobs.put(sampleOf('image', index).bytes, 't45.5328-4');
    const imageUrl = `https://mmg.whatsapp.net${directPath}`;
    return { ...given, currency: 'GBP', retailerId: `SKU-${index + 1}`, url: '', imageUrl, hidden: false };
  }
}
