/** Tools of the toolset contacts that messages.db answers alone. */
import { z } from 'zod';
import { searchPeople } from '../store/contacts.ts';
import { tool } from '../tool.ts';
import { marked, queryArgument, reading } from './read/reading.ts';

/** People in one answer: enough to choose from, and to see that the query was too wide. */
const MOST_PEOPLE = 50;

export const searchContacts = tool({
  name: 'search_contacts',
  title: 'Search contacts',
  description: 'People by any of their names, in any script, or by digits of their number; those talked to last first.',
  toolset: 'contacts',
  effect: 'reads',
  route: 'store',
  input: z.strictObject({ query: queryArgument }),
  examples: [{ query: 'anna' }, { query: '151 2345' }],
  run: ({ query }, context) => {
    const { people, more } = searchPeople(reading(context).reads, query, MOST_PEOPLE);
    return marked({ contacts: people, ...(more && { more: `Only the first ${MOST_PEOPLE} are listed; ask for more of the name.` }) }, people.length > 0);
  },
});
