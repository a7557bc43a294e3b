import { givenFirst, type Phrases } from './phrases.ts';

export const german: Phrases = {
  given: ['Jürgen', 'Anneliese', 'Björn', 'Käthe', 'Lukas', 'Mareike', 'Sören', 'Ömer', 'Greta', 'Matthäus'],
  family: ['Müller', 'Schäfer', 'Groß', 'Köhler', 'Weiß', 'Lüders', 'Yılmaz', 'Brandt'],
  fullName: givenFirst,
  slots: {
    food: ['Käsespätzle', 'Apfelkuchen', 'Linsensuppe', 'Brötchen', 'Kartoffelsalat', 'Pizza'],
    place: ['am Bahnhof', 'im Büro', 'bei mir', 'in der Bücherei', 'am Spielplatz', 'im Café Süß'],
    day: ['am Montag', 'am Dienstag', 'am Mittwoch', 'am Donnerstag', 'am Freitag', 'am Samstag', 'morgen'],
    time: ['um acht', 'um halb zehn', 'mittags', 'um drei', 'nach sechs', 'gegen sieben'],
    thing: ['die Schlüssel', 'das Ladegerät', 'den Schirm', 'die Bohrmaschine', 'die Unterlagen'],
  },
  dialogues: [
    ['a Hast du {day} {time} Zeit?', 'b Ja, was gibt’s?', 'a Treffen wir uns {place}?', 'b Passt, bis dann!'],
    ['a Hast du {thing} mitgenommen?', 'b Oh nein, vergessen 🙈', 'a Macht nichts, {day} reicht auch', 'b Ich leg’s dir gleich hin'],
    ['a Ich koche heute {food}', 'b Da sage ich nicht nein', 'a Dann komm {time}', 'b Ich bringe Nachtisch mit'],
    ['a Der Zug fällt aus', 'b Schon wieder?', 'a Ja, ich nehme den nächsten und bin {time} da', 'b Alles gut, wir warten {place}'],
    ['a Wer kann {day} beim Umzug helfen?', 'b Ich, ab Mittag', 'c Ich habe einen Anhänger', 'a Ihr seid großartig. Es gibt {food} für alle'],
    ['a Die Rechnung ist da', 'b Höher als gedacht?', 'a Zum Glück nicht. Ich überweise {day}', 'b Danke fürs Kümmern'],
    ['a Alles Gute zum Geburtstag! 🎉', 'b Vielen Dank, ich freue mich sehr', 'a Feierst du {day}?', 'b Klein, {place}. Komm doch {time}'],
  ],
  captions: ['So sieht der Garten jetzt aus', 'Schöne Grüße aus Köln', 'Das Regal steht!', 'Nebel über dem See', 'Unser neuer Hund'],
  files: ['Übergabeprotokoll', 'Angebot Küche', 'Schulausflug', 'Steuererklärung 2025'],
  subjects: ['Familie Müller', 'Elternbeirat', 'Kletterfreunde', 'Hausgemeinschaft Nr. 12'],
  abouts: ['Verfügbar', 'Bei der Arbeit', 'Bitte nicht anrufen', 'Frühling! 🌱'],
  places: [
    { name: 'Englischer Garten', address: 'München', latitude: 48.1642, longitude: 11.6056 },
    { name: 'Museumsinsel', address: 'Berlin', latitude: 52.5169, longitude: 13.4019 },
  ],
  polls: [{ question: 'Wann grillen wir?', options: ['Freitag', 'Samstag', 'Sonntag'] }],
  events: ['Grillabend', 'Elternabend', 'Flohmarkt'],
  sentences: [
    'Ich habe gestern lange mit der Hausverwaltung gesprochen, sie wollen das Dach erst im Frühjahr machen.',
    'Wenn wir die Möbel selbst abholen, sparen wir die Hälfte.',
    'Für die Größe ist die Wohnung günstig, aber die Küche müssten wir übernehmen.',
    'Sag mir bitte bis Ende der Woche Bescheid, dann buche ich die Plätze.',
  ],
};
