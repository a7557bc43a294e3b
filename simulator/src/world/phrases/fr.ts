import { givenFirst, type Phrases } from './phrases.ts';

export const french: Phrases = {
  given: ['Chloé', 'Hugo', 'Amélie', 'Théo', 'Zoé', 'Jérôme', 'Hélène', 'François', 'Noémie', 'Loïc'],
  family: ['Lefèvre', 'Dubois', 'Côté', 'Garçon', 'Béranger', 'Moreau', 'Lacroix', 'Traoré'],
  fullName: givenFirst,
  slots: {
    food: ['une tarte aux pommes', 'des crêpes', 'une ratatouille', 'un gâteau au chocolat', 'une soupe à l’oignon'],
    place: ['la gare', 'au marché', 'chez moi', 'à la boulangerie', 'au Café de l’Île', 'au bureau'],
    day: ['lundi', 'mardi', 'mercredi', 'jeudi', 'vendredi', 'samedi', 'demain'],
    time: ['à huit heures', 'vers midi', 'à 15 h', 'à 18 h 30', 'après le déjeuner'],
    thing: ['les clés', 'le chargeur', 'ton écharpe', 'le dossier bleu', 'la poussette'],
  },
  dialogues: [
    ['a Tu es libre {day} {time} ?', 'b Oui, pourquoi ?', 'a On pourrait se voir, j’ai une nouvelle à te dire', 'b Tu m’intrigues 😄 À {day} alors'],
    ['a Tu as retrouvé {thing} ?', 'b Pas encore, je cherche', 'a Regarde dans l’entrée', 'b Trouvé, merci !'],
    ['a J’ai préparé {food}', 'b Garde-moi une part !', 'a Passe {time}', 'b J’arrive'],
    ['a Le rendez-vous est déplacé à {day}', 'b Même heure ?', 'a Non, {time}', 'b C’est noté'],
    ['a Joyeux anniversaire ! 🎂', 'b Merci, ça me touche beaucoup', 'a On fête ça {day} ?', 'b Avec plaisir, je fais {food}'],
    ['a Quelqu’un peut garder les enfants {day} ?', 'b Moi, jusqu’à 20 h', 'c Et moi après', 'a Vous me sauvez la vie 🙏'],
    ['a Le devis du plombier est arrivé', 'b Alors ?', 'a Plus cher que prévu, mais il commence {day}', 'b Prends-le, on ne peut plus attendre'],
  ],
  captions: ['La mer ce matin', 'Premier essai de pain', 'Le petit a six mois', 'Vue du bureau', 'Le résultat final'],
  files: ['Devis plomberie', 'Été 2026 - réservations', 'Compte rendu', 'Contrat signé'],
  subjects: ['Les cousins', 'Été en Bretagne', 'Copropriété', 'Atelier théâtre'],
  abouts: ['Disponible', 'Au boulot', 'Ça va aller', 'En réunion, écrivez-moi'],
  places: [
    { name: 'Jardin du Luxembourg', address: 'Paris 6e', latitude: 48.8462, longitude: 2.3372 },
    { name: 'Vieux-Port', address: 'Marseille', latitude: 43.2951, longitude: 5.3743 },
  ],
  polls: [{ question: 'Quel week-end ?', options: ['Le premier', 'Le deuxième', 'Le troisième'] }],
  events: ['Apéro chez Zoé', 'Répétition générale'],
  sentences: [
    'J’ai relu le contrat hier soir et il reste deux points à éclaircir.',
    'On pourrait louer la maison à côté du phare, elle est grande et pas trop chère.',
    'Ma sœur arrive avec les enfants, il faudra donc un lit de plus.',
    'Je préfère attendre leur réponse avant de réserver les billets.',
  ],
};
