import { givenFirst, type Phrases } from './phrases.ts';

export const spanish: Phrases = {
  given: ['Lucía', 'Martín', 'Sofía', 'Andrés', 'Inés', 'Joaquín', 'Begoña', 'Raúl', 'Núria', 'Álvaro'],
  family: ['García', 'Muñoz', 'Fernández', 'Ibáñez', 'Peña', 'Rodríguez', 'Núñez', 'Castaño'],
  fullName: givenFirst,
  slots: {
    food: ['una tortilla', 'paella', 'unas empanadas', 'un bizcocho', 'gazpacho', 'croquetas'],
    place: ['la estación', 'la plaza', 'el mercado', 'casa', 'la oficina', 'el Café Peñón'],
    day: ['el lunes', 'el martes', 'el miércoles', 'el jueves', 'el viernes', 'el sábado', 'mañana'],
    time: ['a las ocho', 'a las nueve y media', 'a mediodía', 'a las cinco', 'después de las seis'],
    thing: ['las llaves', 'el cargador', 'el paraguas', 'la bicicleta', 'tu chaqueta', 'el libro'],
  },
  dialogues: [
    ['a ¿Quedamos {day} {time}?', 'b Vale, ¿dónde?', 'a En {place}, como siempre', 'b Perfecto, allí estaré 😊'],
    ['a ¿Has visto {thing}?', 'b Creo que están en {place}', 'a Voy a mirar', 'b Dime si los encuentras'],
    ['a Estoy haciendo {food}', 'b ¡Qué rico! ¿Sobra algo?', 'a Ven {time} y lo averiguas', 'b Llevo el vino 🍷'],
    ['a ¿Cómo está tu madre?', 'b Mucho mejor, gracias. Vuelve a casa {day}', 'a Cuánto me alegro', 'b Le daré un beso de tu parte'],
    ['a El presupuesto está listo', 'b ¿Cuánto sale al final?', 'a Un poco menos de lo que pensábamos', 'b Lo hablamos {day} con calma'],
    ['a ¡Feliz cumpleaños! 🎉', 'b ¡Gracias, guapa!', 'a ¿Lo celebras {day}?', 'b Sí, en {place} {time}'],
    ['a Se ha ido la luz otra vez', 'b Aquí también. Toda la calle', 'c Dicen que vuelve {time}', 'a Pues velas y {food} fría 🕯️'],
    ['a Mañana hay huelga de trenes', 'b ¿Y cómo vas a la reunión?', 'a Me lleva Raúl hasta {place}', 'b Sal con tiempo'],
  ],
  captions: ['El jardín esta mañana', 'Mira qué luz', 'La abuela con los niños', 'Ya está pintado el salón', 'Así quedó la paella'],
  files: ['Presupuesto reforma', 'Año nuevo - menú', 'Informe médico', 'Horario del colegio'],
  subjects: ['Familia García 🏡', 'Comunidad de vecinos', 'Viaje a Cádiz', 'Pádel de los jueves'],
  abouts: ['Disponible', 'En el trabajo', 'Carpe diem ☀️', 'Sólo mensajes'],
  places: [
    { name: 'Mercado de San Miguel', address: 'Plaza de San Miguel, Madrid', latitude: 40.4154, longitude: -3.7091 },
    { name: 'Playa de la Concha', address: 'San Sebastián', latitude: 43.3178, longitude: -1.9847 },
  ],
  polls: [
    { question: '¿Qué día os viene mejor?', options: ['Viernes', 'Sábado', 'Domingo'] },
    { question: '¿Mar o montaña?', options: ['Mar 🌊', 'Montaña ⛰️'] },
  ],
  events: ['Cena de Navidad', 'Reunión de vecinos', 'Excursión a la sierra'],
  sentences: [
    'He hablado con el arquitecto y dice que no hace falta tirar la pared.',
    'Si salimos temprano llegamos para comer, y así los niños duermen en el coche.',
    'No sé qué pensar, pero me gustaría que lo decidiéramos juntos.',
    'La señora del tercero pregunta otra vez por el ascensor.',
    'Os mando los números mañana, cuando los haya revisado con calma.',
  ],
};
