import type { Story } from '../story.ts';

/**
 * Endings of the chats that a reader of the demo sees first. Direct chats are named by short name.
 * `{en+2}` is the English name of the weekday two days after the base time, `{date+2}` its date.
 */
export const stories: readonly Story[] = [
  {
    chat: 'Dinner club',
    lines: [
      { by: 'Emma', ago: 1530, text: 'Dinner this week? I found a new place, Trattoria Ravello, by the canal' },
      { by: 'Tom 🎸', ago: 1526, text: 'Ravello is great. Get the gnocchi', reactions: { Emma: '🤤', Priya: '👍' } },
      { by: 'Léa', ago: 1519, text: 'I’m in! But not before seven, I have a rehearsal' },
      { by: 'Emma', ago: 1515, text: 'Which evening?', poll: { Tonight: ['Tom 🎸'], '{en+0}': ['Léa', 'Priya', 'Björn', 'Emma'], '{en+1}': [] } },
      { by: 'Priya', ago: 1490, text: '{en+0} it is. I don’t eat shellfish, do they have other things?', reply: 0 },
      { by: 'Emma', ago: 1484, text: 'Plenty. I asked, they also do a vegan menu' },
      { by: 'me', ago: 1470, text: 'Shall I book for five people at half past seven?', before: 'Shall I book for five people at seven?' },
      { by: 'Björn', ago: 1461, text: 'Six, Katrin is coming too 😊' },
      { by: 'me', ago: 240, text: 'Booked: Ravello, 19:30, six people, under Rivera. They keep the table for 15 minutes', reactions: { Emma: '🎉', Léa: '❤️', Björn: '👍' }, starred: true },
      { by: 'Emma', ago: 232, text: 'Trattoria Ravello', place: { latitude: 52.1966, longitude: 0.1435, address: '4 Canal Walk, Cambridge' } },
      { by: 'Tom 🎸', ago: 95, text: 'Can somebody bring the birthday card for Priya? I’ll sign it there', revoked: true },
      { by: 'Tom 🎸', ago: 94, text: 'Wrong chat, sorry 🙈' },
      { by: 'Priya', ago: 90, text: 'I saw nothing 😂' },
      { by: 'Léa', ago: 22, text: 'My tram is late, please order without me. Sam, can you get me the tagliatelle?', mention: 'me' },
    ],
  },
  {
    chat: 'Flat hunt',
    lines: [
      { by: 'me', ago: 3100, text: 'The flat on Gwydir Street is gone. They let it an hour after the viewing' },
      { by: 'Emma', ago: 3088, text: 'No!! That was the one with the garden 😭' },
      { by: 'Tom 🎸', ago: 3060, text: 'There’s a new one on Argyle Street: two bedrooms, 1,450 a month, free from {date+12}' },
      { by: 'Tom 🎸', ago: 3059, text: 'Kitchen looks small but it has a window', photo: true },
      { by: 'Emma', ago: 3010, text: 'Is the deposit five weeks like everywhere?', reply: 2 },
      { by: 'Tom 🎸', ago: 3001, text: 'Yes, 1,673. And they want references from the last landlord' },
      { by: 'me', ago: 2980, text: 'I have mine from 2024, I’ll dig it out', before: 'I have mine from 2023, I’ll dig it out' },
      { by: 'me', ago: 1320, text: 'Viewing is confirmed, {en+2} 10:15. Nadia meets us at the door', reactions: { Emma: '🙏', 'Tom 🎸': '🙏' } },
      { by: 'Emma', ago: 1312, text: 'Question list: heating, bike storage, how long the contract runs, who pays the council tax' },
      { by: 'Tom 🎸', ago: 1300, text: 'Tenancy checklist.pdf', file: 'Tenancy checklist.pdf' },
      { by: 'Emma', ago: 64, text: 'If we like it we should offer on the spot. Are we all fine with 1,450?' },
      { by: 'Tom 🎸', ago: 51, text: 'Fine with me', reply: 10 },
    ],
  },
  {
    chat: 'Harbour project',
    lines: [
      { by: 'Daniel O.', ago: 4400, text: 'Reminder: the bid goes out on {date+8} at noon. Who has what?' },
      { by: 'Priya', ago: 4380, text: 'Cost tables: me. I’ll have a first version by {en-1}' },
      { by: 'Ömer', ago: 4371, text: 'Drawings are done except for the roof. I will upload them tonight' },
      { by: 'Grace', ago: 4350, text: 'I’ll ask the museum for the letter of support' },
      { by: 'me', ago: 4322, text: 'I’ll write the summary and send it round by {en-1}', starred: true, reactions: { 'Daniel O.': '👍' } },
      { by: 'Ömer', ago: 2890, text: 'Roof drawings v3.pdf', file: 'Roof drawings v3.pdf' },
      { by: 'Priya', ago: 1450, text: 'Cost tables are in the folder. Total is 1.84 million, a bit over', before: 'Cost tables are in the folder. Total is 1.48 million, a bit over' },
      { by: 'Daniel O.', ago: 1431, text: 'Over by how much? The ceiling is 1.8', reply: 6 },
      { by: 'Priya', ago: 1420, text: '42 thousand. If we drop the glass lift we are below' },
      { by: 'Hannah', ago: 1402, text: 'Please don’t drop the lift, it’s the only step-free way to the gallery' },
      { by: 'Daniel O.', ago: 1390, text: 'Agreed. Ömer, can you check the façade instead?' },
      { by: 'Ömer', ago: 1360, text: 'Give me until tomorrow evening' },
      { by: 'Grace', ago: 310, text: 'The museum signed! Letter attached', file: 'Letter of support.pdf', reactions: { 'Daniel O.': '🎉', Priya: '🎉', me: '👏🏽' } },
      { by: 'Daniel O.', ago: 180, text: 'Brilliant, Grace. Sam, where are we with the summary? I need it before the weekend', mention: 'me' },
      { by: 'Daniel O.', ago: 38, voice: true, text: '' },
      { by: 'Ömer', ago: 12, text: 'Façade recalculated: we save 46 thousand with timber. Numbers come tonight' },
    ],
  },
  {
    chat: 'Familia Rivera 🏡',
    lines: [
      { by: 'Lucía', ago: 2900, text: 'El {es+3} la abuela cumple 90. ¿Quién trae qué?' },
      { by: 'Mamá', ago: 2885, text: 'Yo hago la tarta de almendras' },
      { by: 'Andrés', ago: 2870, text: 'Yo llevo el vino y las sillas de la terraza' },
      { by: 'Abuela', ago: 2850, text: 'No hace falta tanto lío, con veros me basta ❤️', reactions: { Lucía: '❤️', Mamá: '❤️', Andrés: '❤️', me: '❤️' } },
      { by: 'me', ago: 2841, text: 'Yo llego el {es+2} en el vuelo de las 17:40. ¿Me recoge alguien?' },
      { by: 'Andrés', ago: 2820, text: 'Voy yo. Terminal 4, ¿no?', reply: 4 },
      { by: 'me', ago: 2815, text: 'Sí, T4. ¡Gracias, tío!' },
      { by: 'Lucía', ago: 700, text: 'He encontrado esta foto de 1961', photo: true, reactions: { Mamá: '😮', Abuela: '❤️' } },
      { by: 'Mamá', ago: 690, text: '¡Qué guapa! Es en la plaza del pueblo, delante de la fuente' },
      { by: 'Mamá', ago: 45, text: 'Sam, no te olvides del certificado para el banco, por favor', mention: 'me' },
    ],
  },
  {
    chat: 'Year 3 parents',
    lines: [
      { by: 'Isla', ago: 1700, text: 'Does anyone know if the swimming lesson is still on?' },
      { by: 'Grace', ago: 1690, text: 'Moved to {en+5}, the pool is closed', reply: 0 },
      { by: 'Letícia', ago: 1500, text: 'Two children in our class have chickenpox, just so you know' },
      { by: 'प्रिया शर्मा', ago: 1480, text: 'धन्यवाद, Letícia. We’ll keep an eye on it 🙏' },
      { by: 'Ruby', ago: 400, text: 'Who can drive four kids to the museum trip?', poll: { 'I can': ['Grace', 'Isla'], 'Only the way back': ['Letícia'], 'Sorry, no': [] } },
      { by: 'Grace', ago: 75, text: 'Reminder: permission slips are due tomorrow, without one they can’t come along' },
    ],
  },
  {
    chat: 'Lakeside Primary',
    lines: [
      { by: 'Mrs Turner', ago: 4300, text: 'Dear parents, the school is closed on {en+11}, {date+11}, for staff training.' },
      { by: 'Mrs Turner', ago: 2700, text: 'The winter fair is on {date+23} from 2 to 5 pm in the main hall. Cakes are welcome!', photo: true },
      { by: 'Grace', ago: 820, text: 'The chess club has three free places, Wednesdays after school.' },
      { by: 'Mrs Turner', ago: 130, text: 'The heating in the east wing is being repaired. Please send warm clothes tomorrow.' },
    ],
  },
  {
    chat: 'Emma',
    lines: [
      { by: 'Emma', ago: 1240, text: 'Did you get home all right?' },
      { by: 'me', ago: 1236, text: 'Yes, last bus, front seat upstairs 🚌' },
      { by: 'Emma', ago: 1230, text: 'You left your scarf here. I’ll bring it to Ravello on {en+0}' },
      { by: 'me', ago: 1226, text: 'You’re the best', reactions: { Emma: '😘' } },
      { by: 'Emma', ago: 410, text: 'One more thing: Tom wants to hand in the flat application tonight, he needs your payslips' },
      { by: 'me', ago: 402, text: 'I’ll send them before six' },
      { by: 'Emma', ago: 31, text: 'It’s nearly six 👀', reply: 5 },
    ],
  },
  {
    chat: 'Daniel O.',
    lines: [
      { by: 'Daniel O.', ago: 2950, text: 'Sam, quick question: is two pages enough for the summary?' },
      { by: 'me', ago: 2941, text: 'Two pages and a drawing. I’ll have a draft for you on {en+1}' },
      { by: 'Daniel O.', ago: 2938, text: 'Perfect. The museum likes short', reactions: { me: '👍' } },
      { by: 'Daniel O.', ago: 1010, text: 'Contract for the timber supplier, could you read clause 7?', file: 'Timber contract.pdf' },
      { by: 'me', ago: 975, text: 'Clause 7 makes us pay even if we lose the bid. I’d strike it', starred: true },
      { by: 'Daniel O.', ago: 170, text: 'Agreed, I’ll tell them. Can you call me before seven?' },
    ],
  },
  {
    chat: 'Mei 陈雪梅',
    lines: [
      { by: 'Mei 陈雪梅', ago: 2000, text: '这几天有空吗？我们想吃火锅' },
      { by: 'me', ago: 1990, text: '有空！去哪一家？', reply: 0 },
      { by: 'Mei 陈雪梅', ago: 1985, text: '北京路新开的那家火锅店，听说羊肉特别好' },
      { by: 'me', ago: 1960, text: '太好了，几点？', reactions: { 'Mei 陈雪梅': '😂' } },
      { by: 'Mei 陈雪梅', ago: 300, text: '{zh+2}晚上七点，志强和丽华也来。我已经订好位子了' },
      { by: 'Mei 陈雪梅', ago: 299, text: '记得带那本书给我📚' },
    ],
  },
  {
    chat: 'أحمد',
    lines: [
      { by: 'أحمد', ago: 900, text: 'السلام عليكم، هل وصلتك صور المكتبة الجديدة؟' },
      { by: 'me', ago: 880, text: 'وعليكم السلام، لم تصل بعد' },
      { by: 'أحمد', ago: 870, text: 'هذه قاعة القراءة', photo: true },
      { by: 'me', ago: 860, text: 'ما أجملها! متى الافتتاح؟', reply: 2 },
      { by: 'أحمد', ago: 150, text: 'يوم {ar+7} الساعة خمسة، وأنت أول المدعوين' },
    ],
  },
  {
    chat: 'Millstone Bakery',
    lines: [
      { by: 'me', ago: 1600, text: 'Hello, can I order an almond cake for {en+2}? For about twelve people' },
      { by: 'Millstone Bakery', ago: 1585, text: 'Of course! A 28 cm cake is £34. Shall we write something on it?' },
      { by: 'me', ago: 1580, text: '“90 and counting”, please', before: '“90 and couting”, please' },
      { by: 'Millstone Bakery', ago: 1570, text: 'Lovely 🎂 Order 2291, ready on {en+2} from 8 am. You can pay in the shop', starred: true },
    ],
  },
];
